package org.mizuhiki.chip;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.card.LoadFile;
import org.mizuhiki.house.Refusal;

/// Class files that no compiler of Java Card makes.
@Tag("N7")
class HostilePackageTest {
    private static final ClassDesc EVIL = ClassDesc.of("evil.Evil");
    private static final MethodTypeDesc NONE = MethodTypeDesc.of(CD_void);

    private static void refused(String why, Consumer<ClassBuilder> content) {
        refused(why, "evil", Map.of("Evil", ClassFile.of().build(EVIL, content)));
    }

    private static void refused(String why, String packageName, Map<String, byte[]> classes) {
        var refusal = assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThrows(Refusal.class, () -> LoadFile.load(packageName, classes, List.of()), why));
        assertEquals("applet-not-permitted", refusal.code(), why);
    }

    private static Consumer<ClassBuilder> running(String name, Consumer<CodeBuilder> code) {
        return b -> b.withMethodBody(name, NONE, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, c -> {
            code.accept(c);
            c.return_();
        });
    }

    @Test
    void nothingRunsBesideTheCard() {
        refused("initialisers of two cards could wait for each other", running("<clinit>", CodeBuilder::nop));
        refused(
                "a collector's thread is no card's",
                b -> b.withMethodBody("finalize", NONE, ClassFile.ACC_PUBLIC, CodeBuilder::return_));
    }

    @Test
    void anObjectsOwnMethodsAreNotReachedByAnotherName() {
        for (var name : List.of("wait", "notify", "notifyAll", "printStackTrace")) {
            refused(name, running("run", c -> c.aconst_null().invokevirtual(EVIL, name, NONE)));
        }
        refused(
                "getClass",
                running(
                        "run",
                        c -> c.aconst_null()
                                .invokevirtual(EVIL, "getClass", MethodTypeDesc.of(ConstantDescs.CD_Class))
                                .pop()));
    }

    @Test
    void subroutinesOfOldClassFilesAreNotCounted() {
        refused("jsr", b -> {
            b.withVersion(49, 0);
            running("run", c -> {
                        var sub = c.newLabel();
                        var end = c.newLabel();
                        c.with(DiscontinuedInstruction.JsrInstruction.of(sub));
                        c.goto_(end).labelBinding(sub).astore(0);
                        c.with(DiscontinuedInstruction.RetInstruction.of(0));
                        c.labelBinding(end);
                    })
                    .accept(b);
        });
    }

    @Test
    void constantsThatAreComputedAreNot() {
        var bootstrap = MethodHandleDesc.ofMethod(
                DirectMethodHandleDesc.Kind.STATIC,
                ClassDesc.of("java.lang.invoke.ConstantBootstraps"),
                "nullConstant",
                ConstantDescs.MTD_void);
        refused(
                "condy",
                running(
                        "run",
                        c -> c.ldc(DynamicConstantDesc.ofNamed(bootstrap, "x", CD_int))
                                .pop()));
    }

    @Test
    void oneFrameIsNotAWholeStack() {
        refused("locals", running("run", c -> c.iconst_0().istore(60_000)));
    }

    @Test
    void whatNoImageHoldsIsNoField() {
        refused("char", b -> b.withField("c", ConstantDescs.CD_char, 0));
        refused("many", b -> {
            for (int i = 0; i < 300; i++) {
                b.withField("f" + i, ConstantDescs.CD_byte, 0);
            }
        });
    }

    @Test
    void noPackageTakesANameOfTheHouse() {
        for (var name : List.of("java.lang", "javacard.framework", "javacardx.evil", "org.mizuhiki.javacard")) {
            var bytes = ClassFile.of().build(ClassDesc.of(name + ".Evil"), _ -> {});
            refused(name, name, Map.of("Evil", bytes));
        }
    }

    @Test
    void parentsThatAreEachOthersParentsAreNotWalkedForEver() {
        var a = ClassDesc.of("evil.A");
        var b = ClassDesc.of("evil.B");
        var resolver = ClassHierarchyResolver.of(List.of(), Map.of(a, CD_Object, b, CD_Object, EVIL, CD_Object));
        var lenient = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
        var classes = new LinkedHashMap<String, byte[]>();
        // two kinds of object meet at one place, so the weaver asks what they have in common
        classes.put("Evil", lenient.build(EVIL, running("run", c -> {
            c.iconst_0().newarray(TypeKind.BYTE).astore(0);
            c.iconst_0().ifThenElse(x -> x.new_(a).astore(0), x -> x.new_(b).astore(0));
            c.aload(0).pop();
        })));
        classes.put("A", lenient.build(a, x -> x.withSuperclass(b)));
        classes.put("B", lenient.build(b, x -> x.withSuperclass(a)));
        refused("a circle", "evil", classes);
    }
}
