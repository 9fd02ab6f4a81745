package org.mizuhiki.chip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Tokens of SoftHSM in a folder of the test's own. SoftHSM reads the folder's name from the environment when
/// it is first used in a process, so a process has one such folder. Other rooms' tests use it, too.
public record SoftHsm(Path library, Path configuration, List<Long> slots) {
    private static final List<String> PLACES =
            List.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so");
    private static final Pattern SLOT = Pattern.compile("reassigned to slot (\\d+)");

    /// @param tokens how many; token n has the PIN of [Factory#code]
    public static SoftHsm in(Path folder, int tokens) throws Exception {
        var library = PLACES.stream().map(Path::of).filter(Files::exists).findFirst();
        assumeTrue(library.isPresent(), "SoftHSM (package softhsm2) is not here: the token's tests are skipped");
        var configuration = Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + Files.createDirectory(folder.resolve("tokens"))
                        + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        putIntoEnvironment("SOFTHSM2_CONF", configuration.toString());
        var none = new SoftHsm(library.get(), configuration, List.of());
        var slots = new ArrayList<Long>();
        for (int i = 0; i < tokens; i++) {
            var said = none.run(
                    "",
                    List.of(),
                    "softhsm2-util",
                    "--init-token",
                    "--free",
                    "--so-pin",
                    "4321",
                    "--label",
                    "token-" + i,
                    "--pin",
                    pin(i));
            var slot = SLOT.matcher(said);
            assertTrue(slot.find(), said);
            slots.add(Long.parseLong(slot.group(1)));
        }
        return new SoftHsm(library.get(), configuration, List.copyOf(slots));
    }

    public static String pin(int token) {
        return Factory.code(token).lend(b -> new String(b, US_ASCII));
    }

    /// Java shows the environment and cannot change it; the C library reads it anew.
    @SuppressWarnings("restricted") // a call into C is what is meant
    private static void putIntoEnvironment(String name, String value) throws Exception {
        var linker = Linker.nativeLinker();
        var setenv = linker.downcallHandle(
                linker.defaultLookup().find("setenv").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            var code = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
            assertEquals(0, code);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// What another program says that uses these tokens, in a session without a terminal: a PIN that it
    /// asks for is read from its input.
    ///
    /// @param settings more of the environment, name and value in turn
    public String run(String pin, List<String> settings, String... command) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("setsid", "-w"));
        all.addAll(List.of(command));
        var builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", configuration.toString());
        for (int i = 0; i < settings.size(); i += 2) {
            builder.environment().put(settings.get(i), settings.get(i + 1));
        }
        var process = builder.start();
        try (var in = process.outputWriter()) {
            in.write(pin + "\n");
        }
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said;
    }
}
