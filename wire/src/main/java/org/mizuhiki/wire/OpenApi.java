package org.mizuhiki.wire;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.wire.json.StrictJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI 3.1 document of a server, made from the same routes that it serves.
public final class OpenApi {
    /// Types that travel as one text, with its `format`.
    private static final Map<Class<?>, String> TEXTS = Map.of(
            Bytes.class, "byte",
            Digest.class, "sha256-hex",
            PersonId.class, "person-id",
            InstitutionCode.class, "institution-code",
            Instant.class, "date-time",
            Duration.class, "duration");

    private static final String SCHEMA = "schema ";

    private OpenApi() {}

    /// The document as JSON.
    public static Bytes describe(String title, List<Route> routes) {
        var document = StrictJson.mapper().createObjectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info").put("title", "Mizuhiki " + title).put("version", "1");
        var schemas = generator().buildMultipleSchemaDefinitions();
        var paths = document.putObject("paths");
        for (var route : routes) {
            var path = paths.has(route.path()) ? (ObjectNode) paths.get(route.path()) : paths.putObject(route.path());
            path.set(route.method().toLowerCase(Locale.ROOT), operation(route, schemas));
        }
        var components = document.putObject("components");
        components.set("schemas", schemas.collectDefinitions("components/schemas"));
        components.putObject("securitySchemes").putObject("mutualTLS").put("type", "mutualTLS");
        return Json.write(document);
    }

    private static SchemaGenerator generator() {
        var config = new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON);
        config.with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT, Option.DEFINITIONS_FOR_ALL_OBJECTS);
        TEXTS.forEach((type, format) -> config.forTypesInGeneral()
                .withCustomDefinitionProvider((asked, context) -> asked.getErasedType() == type
                        ? new CustomDefinition(
                                context.getGeneratorConfig()
                                        .createObjectNode()
                                        .put("type", "string")
                                        .put("format", format),
                                CustomDefinition.INLINE_DEFINITION,
                                CustomDefinition.EXCLUDING_ATTRIBUTES)
                        : null));
        config.forTypesInGeneral()
                .withCustomDefinitionProvider((asked, context) ->
                        asked.getErasedType() == Map.class ? map(asked.getTypeParameters(), context) : null);
        config.forFields()
                .withRequiredCheck(field -> !field.isFakeContainerItemScope()
                        && field.getDeclaredType().getErasedType() != Optional.class)
                .withTargetTypeOverridesResolver(field -> {
                    var inside = field.getTypeParameterFor(Optional.class, 0);
                    return inside == null ? null : List.of(inside);
                });
        return new SchemaGenerator(config.build());
    }

    /// Any names, values of one type.
    private static CustomDefinition map(List<ResolvedType> types, SchemaGenerationContext context) {
        var map = context.getGeneratorConfig().createObjectNode().put("type", "object");
        map.set("additionalProperties", context.createDefinitionReference(types.get(1)));
        return new CustomDefinition(map, CustomDefinition.INLINE_DEFINITION, CustomDefinition.EXCLUDING_ATTRIBUTES);
    }

    private static ObjectNode operation(Route route, SchemaBuilder schemas) {
        var operation = StrictJson.mapper().createObjectNode();
        operation.put("summary", route.summary());
        var access = operation.putArray("x-access");
        route.access().stream().map(Enum::name).sorted().forEach(access::add);
        if (route.browsers()) {
            operation.put("x-browsers", true);
        }
        operation.put("x-max-body", route.maxBody());
        var security = operation.putArray("security");
        security.addObject().putArray("mutualTLS");
        if (route.access().contains(Access.ANYONE)) {
            security.addObject();
        }
        var parameters = operation.putArray("parameters");
        PathTable.parameters(route)
                .forEach(name -> parameters
                        .addObject()
                        .put("name", name)
                        .put("in", "path")
                        .put("required", true)
                        .set("schema", StrictJson.mapper().createObjectNode().put("type", "string")));
        if (route.takes() != Void.class) {
            var body = operation.putObject("requestBody").put("required", true);
            content(body.putObject("content"), route.takes(), schemas);
        }
        var responses = operation.putObject("responses");
        var yes =
                responses.putObject(route.gives() == Void.class ? "204" : "200").put("description", "done");
        if (route.gives() != Void.class) {
            content(yes.putObject("content"), route.gives(), schemas);
        }
        responses
                .putObject("default")
                .put("description", "a refusal, as problem details (RFC 9457)")
                .putObject("content")
                .putObject(Problems.MEDIA_TYPE);
        return operation;
    }

    private static void content(ObjectNode content, Class<?> type, SchemaBuilder schemas) {
        if (type == byte[].class) {
            content.putObject("*/*");
        } else {
            content.putObject("application/json").set("schema", schemas.createSchemaReference(type));
        }
    }

    /// What a document says otherwise than the routes, in words; empty when they agree. For tests of
    /// every room.
    public static List<String> differences(Bytes document, List<Route> routes) {
        return differences(document, describe("", routes));
    }

    /// What a document says otherwise than the one that is served, in words; empty when they agree.
    public static List<String> differences(Bytes document, Bytes served) {
        var said = operations(StrictJson.mapper().readTree(document.toArray()));
        var meant = operations(StrictJson.mapper().readTree(served.toArray()));
        var found = new ArrayList<String>();
        meant.forEach((name, operation) -> {
            var other = said.remove(name);
            if (other == null) {
                found.add(name + " is served but not described");
            } else if (!other.equals(operation)) {
                found.add(name + " is described otherwise than it is served");
            }
        });
        said.keySet().removeIf(name -> name.startsWith(SCHEMA)); // one that no operation uses does no harm
        said.keySet().forEach(name -> found.add(name + " is described but not served"));
        return found;
    }

    private static Map<String, JsonNode> operations(JsonNode document) {
        var found = new TreeMap<String, JsonNode>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> found.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue())));
        document.path("components")
                .path("schemas")
                .properties()
                .forEach(s -> found.put(SCHEMA + s.getKey(), s.getValue()));
        return found;
    }
}
