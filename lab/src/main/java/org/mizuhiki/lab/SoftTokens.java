package org.mizuhiki.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// Tokens of SoftHSM in a folder of their own, for a router without hardware: `softhsm2.conf`, `tokens/`, and
/// a file with each one's PIN.
///
/// @param slots PKCS#11's numbers of the tokens, in their order
/// @param pins files with their PINs
public record SoftTokens(Path library, Path configuration, List<Long> slots, List<Path> pins) {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"), Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"));

    /// Environment variable by which SoftHSM finds its configuration.
    public static final String VARIABLE = "SOFTHSM2_CONF";

    public SoftTokens {
        slots = List.copyOf(slots);
        pins = List.copyOf(pins);
    }

    /// What a test that skips says.
    public static final String MISSING = "SoftHSM or pkcs11-tool (packages softhsm2, opensc) is not here: skipped";

    /// Whether SoftHSM and OpenSC's tool are here.
    public static boolean possible() {
        return PLACES.stream().anyMatch(Files::exists) && Files.isExecutable(Path.of("/usr/bin/pkcs11-tool"));
    }

    /// With PINs that nobody has seen.
    ///
    /// @throws Refusal `lab-tokens` if they cannot be made
    public static SoftTokens make(Path folder, int count, SecureRandom die) {
        return make(folder, Stream.generate(() -> pin(die)).limit(count).toList(), die);
    }

    /// @param codes a PIN for each token; their labels are `token-0` and so on
    /// @throws Refusal `lab-tokens` if they cannot be made
    public static SoftTokens make(Path folder, List<String> codes, SecureRandom die) {
        try {
            Files.createDirectories(folder.resolve("tokens"));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            var configuration = Files.writeString(
                    folder.resolve("softhsm2.conf"),
                    "directories.tokendir = " + folder.resolve("tokens").toAbsolutePath()
                            + "\nobjectstore.backend = file\nlog.level = ERROR\n");
            var library = PLACES.stream().filter(Files::exists).findFirst().orElseThrow();
            var slots = new ArrayList<Long>();
            var pins = new ArrayList<Path>();
            for (int i = 0; i < codes.size(); i++) {
                var pin = codes.get(i);
                pins.add(Files.createFile(
                        folder.resolve("pin-" + i),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
                Files.writeString(pins.getLast(), pin + "\n");
                slots.add(initialised(new Tool(library, configuration), "token-" + i, pin, pin(die), i));
            }
            return new SoftTokens(library, configuration, slots, pins);
        } catch (IOException e) {
            throw failed(e.toString(), e);
        }
    }

    /// A token's PIN.
    public String pin(int token) {
        try {
            return Files.readString(pins.get(token)).strip();
        } catch (IOException e) {
            throw failed(e.toString(), e);
        }
    }

    /// The same as the code of a slot.
    public Secret code(int token) {
        return Secret.taking(pin(token).getBytes(StandardCharsets.US_ASCII));
    }

    /// What another program says that uses these tokens, in a session without a terminal.
    ///
    /// @param input a line that it reads, such as a PIN that it asks for
    /// @param settings more of its environment
    public String run(String input, Map<String, String> settings, String... command) throws IOException {
        var all = new ArrayList<>(List.of("setsid", "-w"));
        all.addAll(List.of(command));
        var builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().put(VARIABLE, configuration.toString());
        builder.environment().putAll(settings);
        var process = builder.start();
        try (var in = process.outputWriter()) {
            in.write(input + "\n");
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /// SoftHSM reads its folder's name from the environment when it is first used in a process, so a process
    /// has one such folder. Java shows the environment and cannot change it; the C library reads it anew.
    public void intoEnvironment() {
        Inside.setenv(VARIABLE, configuration.toString());
    }

    private static String pin(SecureRandom die) {
        var random = new byte[16];
        die.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /// The free slot is always the last; a token that gets its label gets another number, too.
    private static long initialised(Tool tool, String label, String pin, String officers, int index)
            throws IOException {
        var codes = Map.of("TOKEN_SO", officers, "TOKEN_PIN", pin);
        tool.run(codes, "--init-token", "--slot-index", "" + index, "--label", label, "--so-pin", "env:TOKEN_SO");
        var listed = Pattern.compile("Slot \\d+ \\(0x([0-9a-f]+)\\)[^(]*?token label\\s*: " + label + "\\s")
                .matcher(tool.run(Map.of(), "--list-slots"));
        if (!listed.find()) {
            throw new IOException("the token has no slot");
        }
        long slot = Long.parseLong(listed.group(1), 16);
        tool.run(codes, "--init-pin", "--slot", "" + slot, "--so-pin", "env:TOKEN_SO", "--pin", "env:TOKEN_PIN");
        return slot;
    }

    /// OpenSC's: it reads PINs from the environment, so that none is on a command line.
    private record Tool(Path library, Path configuration) {
        String run(Map<String, String> codes, String... words) throws IOException {
            var command = new ArrayList<>(List.of("pkcs11-tool", "--module", library.toString()));
            command.addAll(List.of(words));
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(codes);
            builder.environment().put(VARIABLE, configuration.toString());
            var process = builder.start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            try {
                if (process.waitFor() != 0) {
                    throw new IOException(said);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
            return said;
        }
    }

    private static Refusal failed(String why, Exception cause) {
        return Refusal.of(
                "lab-tokens",
                "トークンを作れません（softhsm2 と opensc が必要です。./mizuhiki setup を実行してください）: " + why,
                "The tokens cannot be made (it takes softhsm2 and opensc, run ./mizuhiki setup): " + why,
                cause);
    }
}
