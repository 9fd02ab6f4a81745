package org.mizuhiki.wire.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/// Configures logging of every process without a file to parse: JSON lines on standard error.
/// Found by logback through its service file.
public final class LogLines extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        var lines = new LineEncoder();
        lines.setContext(loggers);
        lines.start();
        var out = new ConsoleAppender<ILoggingEvent>();
        out.setContext(loggers);
        out.setTarget("System.err");
        out.setEncoder(lines);
        out.start();
        var root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(out);
        loggers.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        loggers.getLogger("org.eclipse.jetty.http").setLevel(Level.OFF); // quotes what a hostile caller sent
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
