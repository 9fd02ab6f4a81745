package org.mizuhiki.chip.card;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.javacard.Memory;

/// Writes all that the applets of a card reach: one graph, from the instances down. Of transient arrays it
/// writes that they are there, not what is in them.
final class ImageWriter {
    static final int FORM = 0x4d5a4901;
    static final byte NOTHING = 0;
    static final byte AGAIN = 1;
    static final byte BYTES = 2;
    static final byte SHORTS = 3;
    static final byte OBJECTS = 4;
    static final byte OBJECT = 5;
    static final byte CROSSING = 6;

    /// References from the applet down; the reader must come as deep, on whatever stack it has then.
    private static final int MOST_DEPTH = 500;

    private final Memory memory;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();
    private final Map<Class<?>, Integer> classes = new HashMap<>();

    private int depth;

    private ImageWriter(Memory memory) {
        this.memory = memory;
    }

    static byte[] image(Card card, Collection<Installed> applets) {
        var writer = new ImageWriter(card.memory());
        try {
            writer.out.writeInt(FORM);
            writer.out.writeShort(applets.size());
            for (var applet : applets) {
                writer.object(applet.aid());
                writer.out.writeUTF(applet.file().packageName());
                writer.object(applet.applet());
            }
            return writer.bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("fields were made accessible", e);
        }
    }

    /// What could not be kept is not told: the card stays silent until it is revived as it was.
    static Refusal notKept() {
        return Refusal.of(
                "card-silent", "カードの状態を保存できないため停止しています。再起動してください", "The card's state could not be kept; revive it");
    }

    private void object(@Nullable Object object) throws IOException, IllegalAccessException {
        // a server that was deleted: nobody keeps what it left, nor must its package be there for ever
        if (object == null || Crossing.isGone(object)) {
            out.writeByte(NOTHING);
            return;
        }
        var before = seen.putIfAbsent(object, seen.size());
        if (before != null) {
            out.writeByte(AGAIN);
            out.writeInt(before);
            return;
        }
        if (++depth > MOST_DEPTH) {
            throw notKept();
        }
        switch (object) {
            case byte[] b -> bytes(b);
            case short[] s -> shorts(s);
            case Object[] o -> objects(o);
            default -> instance(object);
        }
        depth--;
    }

    private void array(byte kind, Object array, int length) throws IOException {
        out.writeByte(kind);
        out.writeByte(memory.eventOf(array));
        out.writeShort(length);
    }

    private void bytes(byte[] array) throws IOException {
        array(BYTES, array, array.length);
        if (memory.eventOf(array) == 0) {
            out.write(array);
        }
    }

    private void shorts(short[] array) throws IOException {
        array(SHORTS, array, array.length);
        if (memory.eventOf(array) == 0) {
            for (var value : array) {
                out.writeShort(value);
            }
        }
    }

    private void objects(Object[] array) throws IOException, IllegalAccessException {
        array(OBJECTS, array, array.length);
        out.writeUTF(array.getClass().getComponentType().getName());
        if (memory.eventOf(array) == 0) {
            for (var element : array) {
                object(element);
            }
        }
    }

    private void instance(Object object) throws IOException, IllegalAccessException {
        var crossing = Crossing.behind(object);
        if (crossing != null) {
            out.writeByte(CROSSING);
            object(crossing.owner());
            object(crossing.target());
            return;
        }
        out.writeByte(OBJECT);
        type(object.getClass());
        for (var field : Shapes.fields(object.getClass())) {
            field(object, field);
        }
    }

    private void type(Class<?> type) throws IOException {
        var known = classes.putIfAbsent(type, classes.size());
        out.writeShort(known == null ? classes.size() - 1 : known);
        if (known != null) {
            return;
        }
        if (!Shapes.lives(type)) {
            throw new IllegalStateException("an applet holds a " + type.getName());
        }
        out.writeUTF(type.getClassLoader() instanceof LoadFile.Loader l ? l.packageName() : "");
        out.writeUTF(type.getName());
        out.writeUTF(Shapes.of(type));
    }

    private void field(Object object, java.lang.reflect.Field field) throws IOException, IllegalAccessException {
        switch (field.getType().getName()) {
            case "byte" -> out.writeByte(field.getByte(object));
            case "short" -> out.writeShort(field.getShort(object));
            case "boolean" -> out.writeBoolean(field.getBoolean(object));
            default -> object(field.get(object));
        }
    }
}
