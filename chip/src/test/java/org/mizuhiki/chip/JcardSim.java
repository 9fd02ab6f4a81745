package org.mizuhiki.chip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.mizuhiki.house.Bytes;

/// jCardSim, another simulator, with one applet of ours, behind a loader that knows none of our other classes:
/// the applet meets the simulator's own `javacard.*` there.
final class JcardSim implements CardChannel {
    private static final Path JAR = Path.of("target", "other-simulator", "jcardsim.jar");
    private static final String SILENT = "ffff";

    private final URLClassLoader loader;
    private final Object simulator;

    private JcardSim(URLClassLoader loader) throws ReflectiveOperationException {
        this.loader = loader;
        this.simulator = loader.loadClass("com.licel.jcardsim.base.Simulator")
                .getConstructor()
                .newInstance();
    }

    static JcardSim with(Class<?> applet, Bytes aid, Bytes parameters) {
        try {
            var places = new URL[] {
                JAR.toUri().toURL(),
                applet.getProtectionDomain().getCodeSource().getLocation()
            };
            var card = new JcardSim(new URLClassLoader("jCardSim", places, ClassLoader.getPlatformClassLoader()));
            card.install(applet.getName(), aid, parameters);
            return card;
        } catch (ReflectiveOperationException | MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    private void install(String applet, Bytes aid, Bytes parameters) throws ReflectiveOperationException {
        var names = loader.loadClass("javacard.framework.AID");
        var name = names.getConstructor(byte[].class, short.class, byte.class)
                .newInstance(aid.toArray(), (short) 0, (byte) aid.size());
        var all = EKey.joined(
                        Bytes.of((byte) aid.size()), aid, Bytes.of((byte) 0, (byte) parameters.size()), parameters)
                .toArray();
        simulator
                .getClass()
                .getMethod("installApplet", names, Class.class, byte[].class, short.class, byte.class)
                .invoke(simulator, name, loader.loadClass(applet), all, (short) 0, (byte) all.length);
    }

    /// For what it does not take for a command it has an exception, and here a status word that no card has.
    @Override
    public byte[] transmit(byte... command) {
        try {
            return (byte[]) simulator
                    .getClass()
                    .getMethod("transmitCommand", byte[].class)
                    .invoke(simulator, (Object) command.clone());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                return Cards.hex(SILENT);
            }
            throw new AssertionError(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("jCardSim", e);
        }
    }

    @Override
    public void reset() {
        try {
            simulator.getClass().getMethod("reset").invoke(simulator);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("jCardSim", e);
        }
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
