package org.mizuhiki.chip.card;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import javacard.framework.AID;
import javacard.framework.Applet;
import javacard.framework.Shareable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.javacard.Memory;

/// Brings a card back from its image. Nothing of an applet runs meanwhile: objects are made by the
/// constructor that [Weaver] added, and filled.
final class ImageReader {
    private final Card card;
    private final Map<String, LoadFile> files;
    private final List<Object> seen = new ArrayList<>();
    private final List<Class<?>> classes = new ArrayList<>();
    private DataInputStream in = new DataInputStream(new ByteArrayInputStream(new byte[0]));

    ImageReader(Card card, Collection<LoadFile> files) {
        this.card = card;
        // an applet's objects may be of classes of the libraries that it imports
        this.files = files.stream()
                .flatMap(LoadFile::withLibraries)
                .distinct()
                .collect(Collectors.toMap(LoadFile::packageName, Function.identity()));
    }

    void read(byte[] image) {
        in = new DataInputStream(new ByteArrayInputStream(image));
        try {
            if (in.readInt() != ImageWriter.FORM) {
                throw unreadable(null);
            }
            int count = in.readUnsignedShort();
            for (int i = 0; i < count; i++) {
                var aid = (AID) some();
                var file = file(in.readUTF());
                card.put(new Installed(aid, file, (Applet) some()));
            }
            if (in.read() >= 0) {
                throw unreadable(null);
            }
        } catch (IOException | ReflectiveOperationException | ClassCastException | IndexOutOfBoundsException e) {
            throw unreadable(e);
        }
    }

    private LoadFile file(String packageName) {
        var file = files.get(packageName);
        if (file == null) {
            throw otherApplets(packageName);
        }
        return file;
    }

    private Object some() throws IOException, ReflectiveOperationException {
        return Objects.requireNonNull(object());
    }

    private @Nullable Object object() throws IOException, ReflectiveOperationException {
        byte kind = in.readByte();
        return switch (kind) {
            case ImageWriter.NOTHING -> null;
            case ImageWriter.AGAIN -> seen.get(in.readInt());
            case ImageWriter.BYTES, ImageWriter.SHORTS, ImageWriter.OBJECTS -> array(kind);
            case ImageWriter.OBJECT -> instance();
            case ImageWriter.CROSSING -> crossing();
            default -> throw unreadable(null);
        };
    }

    private Object array(byte kind) throws IOException, ReflectiveOperationException {
        byte event = in.readByte();
        int length = in.readUnsignedShort();
        var component = switch (kind) {
            case ImageWriter.BYTES -> byte.class;
            case ImageWriter.SHORTS -> short.class;
            default -> component(in.readUTF());
        };
        var array = Array.newInstance(component, length);
        seen.add(array);
        if (event != 0) {
            int width = kind == ImageWriter.BYTES ? 1 : kind == ImageWriter.SHORTS ? 2 : 4;
            return card.memory().reviveTransient(array, width * length, event);
        }
        switch (array) {
            case byte[] b -> in.readFully(b);
            case short[] s -> {
                for (int i = 0; i < length; i++) {
                    s[i] = in.readShort();
                }
            }
            default -> {
                for (int i = 0; i < length; i++) {
                    Array.set(array, i, object());
                }
            }
        }
        return array;
    }

    private Class<?> component(String name) throws ClassNotFoundException {
        if (name.startsWith("[")) {
            return Class.forName(name, false, getClass().getClassLoader());
        }
        return type(packageOf(name), name);
    }

    private static String packageOf(String name) {
        boolean ours = name.startsWith("javacard.") || name.startsWith("javacardx.") || name.startsWith("java.lang.");
        return ours ? "" : name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    private Class<?> type(String packageName, String name) throws ClassNotFoundException {
        return packageName.isEmpty()
                ? Class.forName(name, false, getClass().getClassLoader())
                : file(packageName).type(name);
    }

    private Object instance() throws IOException, ReflectiveOperationException {
        int index = in.readUnsignedShort();
        if (index == classes.size()) {
            var type = type(in.readUTF(), in.readUTF());
            if (!Shapes.lives(type) || !Shapes.of(type).equals(in.readUTF())) {
                throw otherApplets(type.getName());
            }
            classes.add(type);
        }
        var type = classes.get(index);
        var object = made(type);
        seen.add(object);
        for (var field : Shapes.fields(type)) {
            switch (field.getType().getName()) {
                case "byte" -> field.setByte(object, in.readByte());
                case "short" -> field.setShort(object, in.readShort());
                case "boolean" -> field.setBoolean(object, in.readBoolean());
                default -> field.set(object, object());
            }
        }
        return object;
    }

    private static Object made(Class<?> type) throws ReflectiveOperationException {
        boolean woven = type.getClassLoader() instanceof LoadFile.Loader;
        Constructor<?> revival = woven ? type.getDeclaredConstructor(Memory.class) : type.getDeclaredConstructor();
        revival.setAccessible(true);
        return woven ? revival.newInstance((Object) null) : revival.newInstance();
    }

    private Object crossing() throws IOException, ReflectiveOperationException {
        int place = seen.size();
        // the place is taken before the parts are read, as the writer took it
        seen.add(this);
        var aid = (AID) some();
        var target = (Shareable) some();
        var proxy = Crossing.to(card, aid, target);
        seen.set(place, proxy);
        return proxy;
    }

    private static Refusal unreadable(@Nullable Exception cause) {
        var ja = "カードの状態ファイルを読めません。バックアップは使えません（複製の防止）。新しいカードを登録してください";
        var en = "The card's image cannot be read; enrol a new card";
        return cause == null
                ? Refusal.of("card-image-unreadable", ja, en)
                : Refusal.of("card-image-unreadable", ja, en, cause);
    }

    private static Refusal otherApplets(String name) {
        return Refusal.of(
                "card-image-other-applets",
                "このカードは別の版のアプレットで作られました（" + name + "）。その版で開いてください",
                "The card was made with another version of its applets (" + name + "); open it with that version");
    }
}
