package org.mizuhiki.records;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns HAPI's and PDFBox's loggers off: their messages quote names and findings of the patient whose
/// letter is read.
final class QuietHapi {
    /// Every logger whose messages may quote a letter.
    static final List<String> LOGGERS =
            List.of("ca.uhn.fhir", "ca.uhn.hl7v2", "org.hl7.fhir", "org.apache.pdfbox", "org.apache.fontbox");

    private QuietHapi() {}

    static void hush() {
        LOGGERS.forEach(name -> {
            off(LoggerFactory.getLogger(name));
            // PDFBox and HAPI's terminology client log through java.util.logging where no bridge is installed
            java.util.logging.Logger.getLogger(name).setLevel(java.util.logging.Level.OFF);
        });
    }

    /// By reflection, so that the room does not depend on one logging back-end; with another than logback
    /// the levels are the operator's.
    private static void off(Logger logger) {
        try {
            Class<?> level = Class.forName("ch.qos.logback.classic.Level");
            Field off = level.getField("OFF");
            Method setLevel = logger.getClass().getMethod("setLevel", level);
            setLevel.invoke(logger, off.get(null));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LoggerFactory.getLogger(QuietHapi.class).debug("the logging back-end is not logback");
        }
    }
}
