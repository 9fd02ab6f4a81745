package org.mizuhiki.chip.card;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;

/// One package of applets, checked, woven and loaded: once per process, for all cards, which is safe
/// because [Checker] lets no package keep anything in static fields.
///
/// The package's loader knows its own classes, the Java Card API, a few names of `java.lang`, and of each
/// imported package its shareable interfaces; of an imported library (a package without an applet) its
/// classes. Nothing else has a name there: that is the firewall's wall. [Crossing] is its door.
public final class LoadFile {
    private static final int MOST_CLASSES = 256;
    private static final List<String> LANGUAGE = List.of(
            "Object",
            "Throwable",
            "Exception",
            "RuntimeException",
            "ArithmeticException",
            "ArrayIndexOutOfBoundsException",
            "ArrayStoreException",
            "ClassCastException",
            "IndexOutOfBoundsException",
            "NegativeArraySizeException",
            "NullPointerException",
            "SecurityException");

    private final String packageName;
    private final Loader loader;
    private final boolean library;

    private LoadFile(String packageName, Loader loader, boolean library) {
        this.packageName = packageName;
        this.loader = loader;
        this.library = library;
    }

    /// @param classes bytes of class files by simple name
    /// @throws Refusal `applet-not-permitted` naming what a card does not run
    public static LoadFile load(String packageName, Map<String, byte[]> classes, List<LoadFile> imports) {
        if (packageName.matches("(java|javax|javacard|javacardx|org\\.mizuhiki\\.javacard)(\\..*)?")) {
            throw refused(packageName + " is not an applet's name");
        }
        if (classes.size() > MOST_CLASSES) {
            throw refused(packageName + ": more than " + MOST_CLASSES + " classes");
        }
        var known = ClassHierarchyResolver.ofResourceParsing(type -> stream(packageName, classes, type))
                .orElse(ClassHierarchyResolver.defaultResolver());
        var woven = new LinkedHashMap<String, byte[]>();
        classes.forEach(
                (name, bytes) -> woven.put(packageName + "." + name, Checker.checked(bytes, packageName, known)));
        var loader = new Loader(packageName, woven, List.copyOf(imports));
        try {
            boolean library = true;
            for (var name : woven.keySet()) {
                resolveAll(loader, ClassFile.of().parse(Objects.requireNonNull(woven.get(name))));
                library &= !javacard.framework.Applet.class.isAssignableFrom(loader.loadClass(name));
            }
            return new LoadFile(packageName, loader, library);
        } catch (ClassNotFoundException | LinkageError e) {
            throw refused(packageName + ": " + e.getMessage());
        }
    }

    /// Every class that is named must be one the package may know, now and not when the code gets there.
    private static void resolveAll(Loader loader, ClassModel model) throws ClassNotFoundException {
        for (var entry : model.constantPool()) {
            if (entry instanceof ClassEntry c && !c.asInternalName().startsWith("[")) {
                loader.loadClass(c.asInternalName().replace('/', '.'));
            }
        }
    }

    private static @Nullable InputStream stream(String packageName, Map<String, byte[]> classes, ClassDesc type) {
        var bytes = type.packageName().equals(packageName) ? classes.get(type.displayName()) : null;
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    /// Reads the package from the class path, where the applets of the house lie as ordinary classes.
    ///
    /// @param names simple names of its classes
    public static LoadFile fromClassPath(String packageName, List<String> names, List<LoadFile> imports) {
        var classes = new LinkedHashMap<String, byte[]>();
        for (var name : names) {
            var path = "/" + packageName.replace('.', '/') + "/" + name + ".class";
            try (var in = LoadFile.class.getResourceAsStream(path)) {
                classes.put(name, Objects.requireNonNull(in, path).readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return load(packageName, classes, imports);
    }

    static Refusal refused(String why) {
        return Refusal.of(
                "applet-not-permitted",
                "このアプレットはカードで実行できません（" + why + "）。Java Card の範囲で作り直してください",
                "A card does not run this applet (" + why + "); keep to Java Card");
    }

    String packageName() {
        return packageName;
    }

    /// This package and the libraries that it imports.
    Stream<LoadFile> withLibraries() {
        return Stream.concat(
                Stream.of(this), loader.imports.stream().filter(i -> i.library).flatMap(LoadFile::withLibraries));
    }

    Class<?> type(String name) {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException e) {
            throw refused("no class " + name);
        }
    }

    /// Calls the `install` of one of its applets.
    ///
    /// @param name simple, of the applet's class
    void install(String name, byte[] aid, byte[] parameters) throws InvocationTargetException {
        var type = type(packageName + "." + name);
        var all = new byte[aid.length + parameters.length + 3];
        all[0] = (byte) aid.length;
        System.arraycopy(aid, 0, all, 1, aid.length);
        all[aid.length + 2] = (byte) parameters.length;
        System.arraycopy(parameters, 0, all, aid.length + 3, parameters.length);
        try {
            type.getMethod("install", byte[].class, short.class, byte.class)
                    .invoke(null, all, (short) 0, (byte) all.length);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw refused(type.getName() + " cannot be installed");
        }
    }

    /// Knows the package's interfaces and the language's whole: proxies are defined here, as the package's
    /// own loader does not know what a proxy is.
    private static final class Bridge extends ClassLoader {
        private final Loader side;

        Bridge(Loader side) {
            super(side.packageName() + " bridge", LoadFile.class.getClassLoader());
            this.side = side;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            try {
                return side.loadClass(name);
            } catch (ClassNotFoundException _) {
                return super.loadClass(name, resolve);
            }
        }
    }

    static final class Loader extends ClassLoader {
        private final String packageName;
        private final Map<String, byte[]> woven;
        private final List<LoadFile> imports;
        private final ClassLoader bridge = new Bridge(this);

        Loader(String packageName, Map<String, byte[]> woven, List<LoadFile> imports) {
            super(packageName, null);
            this.packageName = packageName;
            this.woven = woven;
            this.imports = imports;
        }

        String packageName() {
            return packageName;
        }

        ClassLoader bridge() {
            return bridge;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                var known = findLoadedClass(name);
                return known == null ? find(name) : known;
            }
        }

        private static boolean hook(String name) {
            return name.equals(Weaver.MEMORY) || name.equals(Weaver.ALLOWANCE);
        }

        private Class<?> find(String name) throws ClassNotFoundException {
            var own = woven.get(name);
            if (own != null) {
                return defineClass(name, own, 0, own.length);
            }
            if (name.startsWith("javacard.") || name.startsWith("javacardx.") || hook(name)) {
                return LoadFile.class.getClassLoader().loadClass(name);
            }
            if (name.startsWith("java.lang.") && LANGUAGE.contains(name.substring(10))) {
                return LoadFile.class.getClassLoader().loadClass(name);
            }
            for (var imported : imports) {
                if (name.startsWith(imported.packageName + ".")) {
                    return imported.shown(name);
                }
            }
            throw new ClassNotFoundException(name + " is not known to " + packageName);
        }
    }

    private Class<?> shown(String name) throws ClassNotFoundException {
        var type = loader.loadClass(name);
        boolean shareable = type.isInterface() && javacard.framework.Shareable.class.isAssignableFrom(type);
        if (type.getClassLoader() != loader || (!shareable && !library)) {
            throw new ClassNotFoundException(name + " is not shown to other packages");
        }
        return type;
    }
}
