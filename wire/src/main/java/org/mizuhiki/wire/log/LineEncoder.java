package org.mizuhiki.wire.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// One event as one JSON object: `ts`, `level`, `logger`, `msg`, the event's own fields, and for a
/// throwable its types and places. Messages of throwables are left out: a database or parser quotes the
/// data it choked on.
public final class LineEncoder extends EncoderBase<ILoggingEvent> {
    private static final int FRAMES = 12;
    private static final int CAUSES = 5;

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = new StringBuilder(256).append('{');
        field(line, "ts", event.getInstant().toString());
        field(line, "level", event.getLevel().toString());
        field(line, "logger", event.getLoggerName());
        field(line, "msg", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> {
                if (pair.value instanceof Integer || pair.value instanceof Long) {
                    key(line, pair.key).append(pair.value);
                } else {
                    field(line, pair.key, String.valueOf(pair.value));
                }
            });
        }
        if (event.getThrowableProxy() != null) {
            field(line, "thrown", thrown(event.getThrowableProxy()));
        }
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String thrown(IThrowableProxy first) {
        var text = new StringBuilder();
        IThrowableProxy at = first;
        for (int depth = 0; at != null && depth < CAUSES; depth++, at = at.getCause()) {
            text.append(depth == 0 ? "" : " <- ").append(at.getClassName());
            var frames = at.getStackTraceElementProxyArray();
            for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
                var frame = frames[i].getStackTraceElement();
                text.append(" | ")
                        .append(frame.getClassName())
                        .append('.')
                        .append(frame.getMethodName())
                        .append(':')
                        .append(frame.getLineNumber());
            }
        }
        return text.toString();
    }

    private static void field(StringBuilder line, String key, @Nullable String value) {
        key(line, key).append('"');
        JsonStringEncoder.getInstance().quoteAsString(value == null ? "" : value, line);
        line.append('"');
    }

    private static StringBuilder key(StringBuilder line, String key) {
        line.append(line.length() > 1 ? ",\"" : "\"");
        JsonStringEncoder.getInstance().quoteAsString(key, line);
        return line.append("\":");
    }
}
