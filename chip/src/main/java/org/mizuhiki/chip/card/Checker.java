package org.mizuhiki.chip.card;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.Set;
import org.mizuhiki.house.Refusal;

/// Holds a class file to what a card runs: the language of Java Card 3.0.5 without its optional `int`
/// fields and arrays, and two rules of ours.
///
/// - No static fields but constants: classes are loaded once for all cards, and what one card's applet kept
///   in a static field another card's could read.
/// - No `boolean` arrays: the virtual machine cannot tell them from `byte` arrays when it writes.
final class Checker {
    private static final Set<TypeKind> NUMBERS = Set.of(TypeKind.LONG, TypeKind.FLOAT, TypeKind.DOUBLE);

    /// A card's own bounds (Java Card virtual machine 3.0.5, 2.2.4): of a class's fields, a frame's words.
    private static final int MOST_FIELDS = 255;

    private static final int MOST_WORDS = 255;

    /// What any object here can do and a card's cannot; called on an applet's own class it is found in
    /// `Object` all the same.
    private static final Set<String> NOT_A_CARDS =
            Set.of("clone", "finalize", "getClass", "notify", "notifyAll", "printStackTrace", "setStackTrace", "wait");

    private Checker() {}

    /// The class, fit to be loaded: checked, then woven.
    static byte[] checked(byte[] bytes, String packageName, ClassHierarchyResolver known) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(bytes);
            check(model, packageName);
            return Weaver.woven(model, known);
        } catch (Refusal e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            // the parser's own words for bytes that are no class file
            throw LoadFile.refused("no class file");
        }
    }

    private static void check(ClassModel model, String packageName) {
        var name = model.thisClass().asInternalName().replace('/', '.');
        if (!name.startsWith(packageName + ".") || name.indexOf('.', packageName.length() + 1) >= 0) {
            throw LoadFile.refused(name + " is not of package " + packageName);
        }
        if (model.majorVersion() < ClassFile.JAVA_6_VERSION || model.fields().size() > MOST_FIELDS) {
            throw LoadFile.refused(name + " is of an old form, or too large");
        }
        for (var entry : model.constantPool()) {
            // reached by woven code only, never by an applet's own
            if (entry instanceof Utf8Entry text && text.stringValue().contains("org/mizuhiki/javacard")) {
                throw LoadFile.refused(name + " names the card's inside");
            }
        }
        model.superclass().map(ClassEntry::asInternalName).ifPresent(s -> extended(name, s, packageName));
        model.fields().forEach(f -> field(name, f));
        model.methods().forEach(m -> method(name, m));
    }

    private static void extended(String name, String parent, String packageName) {
        boolean fine = parent.equals("java/lang/Object")
                || parent.equals("javacard/framework/Applet")
                || parent.startsWith(packageName.replace('.', '/') + "/");
        if (!fine) {
            throw LoadFile.refused(name + " extends " + parent);
        }
    }

    private static void field(String name, FieldModel field) {
        var type = field.fieldType().stringValue();
        boolean constant = field.flags().has(AccessFlag.FINAL)
                && field.findAttribute(Attributes.constantValue()).isPresent();
        if (field.flags().has(AccessFlag.STATIC) && !constant) {
            throw LoadFile.refused(name + "." + field.fieldName() + " is static and no constant");
        }
        if (type.matches("\\[*[JFD]|C") || (!constant && type.equals("I")) || type.matches("\\[+[IZC]|\\[\\[.*")) {
            throw LoadFile.refused(name + "." + field.fieldName() + " has a type that cards lack");
        }
    }

    private static void method(String name, MethodModel method) {
        var where = name + "." + method.methodName();
        if (method.flags().has(AccessFlag.NATIVE) || method.flags().has(AccessFlag.SYNCHRONIZED)) {
            throw LoadFile.refused(where + " is native or synchronized");
        }
        // an initialiser runs once for all cards, a finalizer on a thread that is no card's
        if (method.methodName().equalsString("<clinit>") || method.methodName().equalsString("finalize")) {
            throw LoadFile.refused(where + " would run beside the card");
        }
        if (hasWideType(method.methodType().stringValue())) {
            throw LoadFile.refused(where + " has a type that cards lack");
        }
        method.code().ifPresent(code -> {
            if (code instanceof CodeAttribute c && Math.max(c.maxLocals(), c.maxStack()) > MOST_WORDS) {
                throw LoadFile.refused(where + " needs too much of the stack");
            }
            code.forEach(e -> element(where, e));
            handlers(where, code);
        });
    }

    /// A handler that guards itself, or lies before what it guards, is a loop without a jump.
    private static void handlers(String where, CodeModel code) {
        var places = new HashMap<Label, Integer>();
        int at = 0;
        for (var element : code) {
            if (element instanceof LabelTarget place) {
                places.put(place.label(), at);
            } else if (element instanceof Instruction) {
                at++;
            }
        }
        for (var element : code) {
            if (element instanceof ExceptionCatch c
                    && places.getOrDefault(c.handler(), 0) < places.getOrDefault(c.tryEnd(), at)) {
                throw LoadFile.refused(where + " handles exceptions before they are thrown");
            }
        }
    }

    private static boolean hasWideType(String descriptor) {
        return descriptor.replaceAll("L[^;]+;", "L").matches(".*([JFD]|\\[\\[).*");
    }

    private static void element(String where, CodeElement element) {
        boolean fine = switch (element) {
            case InvokeDynamicInstruction _, MonitorInstruction _, DiscontinuedInstruction _ -> false;
            case NewPrimitiveArrayInstruction n -> n.typeKind() == TypeKind.BYTE || n.typeKind() == TypeKind.SHORT;
            case NewMultiArrayInstruction _ -> false;
            case NewReferenceArrayInstruction n ->
                !n.componentType().asInternalName().startsWith("[");
            case OperatorInstruction o -> !NUMBERS.contains(o.typeKind());
            case ConvertInstruction c -> !NUMBERS.contains(c.fromType()) && !NUMBERS.contains(c.toType());
            case LoadInstruction l -> !NUMBERS.contains(l.typeKind());
            case StoreInstruction s -> !NUMBERS.contains(s.typeKind());
            case ConstantInstruction.LoadConstantInstruction c -> c.constantValue() instanceof Integer;
            case ConstantInstruction c -> !NUMBERS.contains(c.typeKind());
            case InvokeInstruction i ->
                i.owner().asInternalName().startsWith("java/lang/")
                        ? isPlain(i)
                        : !NOT_A_CARDS.contains(i.name().stringValue());
            case FieldInstruction f -> f.opcode() != java.lang.classfile.Opcode.PUTSTATIC;
            default -> true;
        };
        if (!fine) {
            throw LoadFile.refused(where + " does what cards cannot: " + element);
        }
    }

    /// `Object` here knows more than a card's: `getClass`, `wait`.
    private static boolean isPlain(InvokeInstruction call) {
        return call.name().equalsString("<init>") || call.name().equalsString("equals");
    }
}
