package org.mizuhiki.wire.json;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/// The house's values as single texts.
final class HouseTypes extends SimpleModule {
    private static final long serialVersionUID = 1L;

    HouseTypes() {
        super("house");
        text(Bytes.class, Bytes::asBase64, HouseTypes::strictBase64);
        text(Digest.class, Digest::hex, Digest::new);
        text(PersonId.class, PersonId::value, PersonId::new);
        text(InstitutionCode.class, InstitutionCode::value, InstitutionCode::new);
        // Jackson's own would take numbers too: a second spelling
        text(Instant.class, Instant::toString, Instant::parse);
        text(Duration.class, Duration::toString, Duration::parse);
    }

    /// Only one spelling of the same bytes: without this, a signed or hashed body could be respelled
    /// unnoticed.
    private static Bytes strictBase64(String text) {
        var bytes = Bytes.base64(text);
        if (!bytes.asBase64().equals(text)) {
            throw Refusal.of("bytes-not-base64", "文字列がBase64ではありません", "The text is not base64");
        }
        return bytes;
    }

    private <T> void text(Class<T> type, Function<T, String> write, Function<String, T> read) {
        addSerializer(type, new TextOut<>(type, write));
        addDeserializer(type, new TextIn<>(type, read));
    }

    private static final class TextOut<T> extends StdScalarSerializer<T> {
        private final Function<T, String> write;

        TextOut(Class<T> type, Function<T, String> write) {
            super(type);
            this.write = write;
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeString(write.apply(value));
        }
    }

    private static final class TextIn<T> extends StdScalarDeserializer<T> {
        private final Class<T> type;
        private final Function<String, T> read;

        TextIn(Class<T> type, Function<String, T> read) {
            super(type);
            this.type = type;
            this.read = read;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                return type.cast(context.handleUnexpectedToken(type, in));
            }
            return read.apply(in.getString());
        }
    }
}
