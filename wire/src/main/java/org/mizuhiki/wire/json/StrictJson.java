package org.mizuhiki.wire.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// The mapper that all rooms share: whatever is not exactly the record is refused.
public final class StrictJson {
    /// Deep nesting is how a small body exhausts a stack.
    private static final int MAX_DEPTH = 32;

    /// Longest text in characters; larger content travels as a raw body, never inside JSON.
    private static final int MAX_STRING = 32 << 20;

    private static final int MAX_TOKENS = 2_000_000;

    private StrictJson() {}

    public static JsonMapper mapper() {
        return Holder.MAPPER;
    }

    /// Made at first use: a server that starts need not wait for it.
    private static final class Holder {
        static final JsonMapper MAPPER = build();
    }

    private static JsonMapper build() {
        var factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(MAX_STRING)
                        .maxNumberLength(40)
                        .maxNameLength(256)
                        .maxTokenCount(MAX_TOKENS)
                        .build())
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION) // an error must not quote what a patient wrote
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION) // two readers must not see two meanings
                .build();
        return JsonMapper.builder(factory)
                .annotationIntrospector(new EveryComponentCounts())
                .addModule(new HouseTypes())
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, StrictJson::textsOnly)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .changeDefaultPropertyInclusion(
                        old -> JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
                .changeDefaultNullHandling(old -> JsonSetter.Value.construct(Nulls.DEFAULT, Nulls.FAIL))
                .build();
    }

    /// A number is no text: a signature over the text would differ from what was sent.
    private static void textsOnly(MutableCoercionConfig config) {
        for (var shape : List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            config.setCoercion(shape, CoercionAction.Fail);
        }
    }

    /// A record's component is required, unless its type says that it may be absent.
    private static final class EveryComponentCounts extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            if (member instanceof AnnotatedParameter) {
                return member.getRawType() != Optional.class;
            }
            return super.hasRequiredMarker(config, member);
        }
    }
}
