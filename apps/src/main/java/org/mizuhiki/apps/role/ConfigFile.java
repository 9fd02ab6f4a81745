package org.mizuhiki.apps.role;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mizuhiki.house.Refusal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads configuration (YAML): every field is known and every field that is needed is there.
final class ConfigFile {
    private ConfigFile() {}

    /// @throws Refusal `config-missing`, `config-invalid` naming what is wrong and where
    static <T> T read(Path file, Class<T> kind) {
        return read(file, kind, true);
    }

    /// The role that a file is for, and the server's folder, whatever else it says.
    record Place(String role, Path folder) {
        static Place of(Path file) {
            var read = ConfigFile.read(file, Place.class, false);
            return new Place(read.role(), beside(file.toAbsolutePath(), read.folder()));
        }
    }

    private static <T> T read(Path file, Class<T> kind, boolean whole) {
        if (!Files.isReadable(file)) {
            throw Refusal.of(
                    "config-missing",
                    "設定ファイル " + file + " を読めません。場所と権限を確かめてください",
                    "The configuration file " + file + " cannot be read; check where it is and who may read it");
        }
        var yaml = YAMLMapper.builder()
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, whole)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .build();
        try {
            return yaml.readValue(Files.readString(file), kind);
        } catch (JacksonException e) {
            throw Refusal.of(
                    "config-invalid",
                    "設定ファイル " + file + " が正しくありません: " + e.getOriginalMessage(),
                    "The configuration file " + file + " is not valid: " + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw Refusal.of("config-missing", "設定ファイルを読めません: " + file, "Cannot read " + file, e);
        }
    }

    /// Relative paths are meant from the configuration file's folder, so that a server can be started from
    /// anywhere.
    static Path beside(Path file, Path named) {
        return file.resolveSibling(named).normalize();
    }
}
