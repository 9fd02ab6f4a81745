package org.mizuhiki.chip.card;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.mizuhiki.javacard.Allowance;
import org.mizuhiki.javacard.Memory;

/// Lets every permanent write of an applet pass through [Memory]: without it a transaction could not be
/// taken back, and power not be cut between two writes. Lets every jump back, every method and all that is
/// made be counted by [Allowance], so that no applet holds its card for ever. Adds to each class the
/// constructor by which an image revives its objects.
final class Weaver {
    static final String MEMORY = Memory.class.getName();
    static final String ALLOWANCE = Allowance.class.getName();
    private static final ClassDesc LIMITS = ClassDesc.of(ALLOWANCE);
    private static final ClassDesc HOOKS = ClassDesc.of(MEMORY);
    private static final MethodTypeDesc STORE_BYTE = MethodTypeDesc.of(CD_void, CD_byte.arrayType(), CD_int, CD_int);
    private static final MethodTypeDesc STORE_SHORT = MethodTypeDesc.of(CD_void, CD_short.arrayType(), CD_int, CD_int);
    private static final MethodTypeDesc STORE_OBJECT =
            MethodTypeDesc.of(CD_void, CD_Object.arrayType(), CD_int, CD_Object);
    private static final MethodTypeDesc FIELD = MethodTypeDesc.of(CD_void, CD_Object, CD_String);
    /// A type that no applet can name, so no applet has such a constructor of its own.
    private static final MethodTypeDesc REVIVAL = MethodTypeDesc.of(CD_void, HOOKS);

    private static final MethodTypeDesc STEP = MethodTypeDesc.of(CD_void);
    private static final MethodTypeDesc ENTER = MethodTypeDesc.of(CD_int);
    private static final MethodTypeDesc LEAVE = MethodTypeDesc.of(CD_void, CD_int);
    private static final MethodTypeDesc CAUGHT = MethodTypeDesc.of(CD_void, CD_Throwable, CD_int);
    private static final MethodTypeDesc ARRAY = MethodTypeDesc.of(CD_void, CD_int, CD_int);

    private Weaver() {}

    static byte[] woven(ClassModel model, ClassHierarchyResolver known) {
        boolean isInterface = model.flags().has(AccessFlag.INTERFACE);
        return ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(known))
                .build(model.thisClass().asSymbol(), builder -> {
                    for (var element : model) {
                        weave(builder, element, model);
                    }
                    if (!isInterface) {
                        revival(builder, model);
                    }
                });
    }

    private static void weave(ClassBuilder builder, ClassElement element, ClassModel model) {
        switch (element) {
            // revival fills the fields after construction
            case FieldModel f
            when !f.flags().has(AccessFlag.STATIC) ->
                builder.withField(
                        f.fieldName(), f.fieldType(), b -> b.withFlags(f.flags().flagsMask() & ~ClassFile.ACC_FINAL));
            case MethodModel m ->
                builder.transformMethod(
                        m, java.lang.classfile.MethodTransform.transformingCode(writes(m, instanceFields(model))));
            default -> builder.with(element);
        }
    }

    /// In a constructor nothing can be asked about the object before its parent's constructor has run.
    private static CodeTransform writes(MethodModel method, int fields) {
        return CodeTransform.ofStateful(() -> new CodeTransform() {
            private final Set<Label> passed = new HashSet<>();
            private final Set<Label> handlers = new HashSet<>();
            private int entered;
            private boolean built = !method.methodName().equalsString(INIT_NAME);

            @Override
            public void atStart(CodeBuilder code) {
                entered = code.allocateLocal(TypeKind.INT);
                code.invokestatic(LIMITS, "enter", ENTER).istore(entered);
                if (!built) {
                    code.loadConstant(4 * fields).invokestatic(LIMITS, "allot", LEAVE);
                }
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                if (element instanceof LabelTarget place) {
                    passed.add(place.label());
                }
                if (targets(element).anyMatch(passed::contains)) {
                    step(code);
                }
                switch (element) {
                    case ExceptionCatch c -> handlers.add(c.handler());
                    case ReturnInstruction _ -> code.iload(entered).invokestatic(LIMITS, "leave", LEAVE);
                    default -> {}
                }
                weave(code, element, built);
                if (element instanceof LabelTarget place && handlers.contains(place.label())) {
                    code.dup().iload(entered).invokestatic(LIMITS, "caught", CAUGHT);
                }
                if (element instanceof InvokeInstruction i && i.name().equalsString(INIT_NAME)) {
                    built = true;
                }
            }
        });
    }

    private static void step(CodeBuilder code) {
        code.invokestatic(LIMITS, "step", STEP);
    }

    private static int instanceFields(ClassModel model) {
        return (int) model.fields().stream()
                .filter(f -> !f.flags().has(AccessFlag.STATIC))
                .count();
    }

    /// Before an array is made, its length lies on the stack.
    private static void array(CodeBuilder code, CodeElement element, int width) {
        code.dup().loadConstant(width).invokestatic(LIMITS, "array", ARRAY).with(element);
    }

    /// Where a jump may lead; a handler of exceptions lies behind what it guards ([Checker]).
    private static Stream<Label> targets(CodeElement element) {
        return switch (element) {
            case BranchInstruction b -> Stream.of(b.target());
            case TableSwitchInstruction t ->
                Stream.concat(Stream.of(t.defaultTarget()), t.cases().stream().map(SwitchCase::target));
            case LookupSwitchInstruction l ->
                Stream.concat(Stream.of(l.defaultTarget()), l.cases().stream().map(SwitchCase::target));
            default -> Stream.empty();
        };
    }

    private static void weave(CodeBuilder code, CodeElement element, boolean built) {
        switch (element) {
            case ArrayStoreInstruction s
            when s.typeKind() == TypeKind.BYTE -> code.invokestatic(HOOKS, "store", STORE_BYTE);
            case ArrayStoreInstruction s
            when s.typeKind() == TypeKind.SHORT -> code.invokestatic(HOOKS, "store", STORE_SHORT);
            case ArrayStoreInstruction s
            when s.typeKind() == TypeKind.REFERENCE -> code.invokestatic(HOOKS, "store", STORE_OBJECT);
            case FieldInstruction f
            when f.opcode() == Opcode.PUTFIELD && built -> {
                var name = f.owner().asInternalName().replace('/', '.') + "."
                        + f.name().stringValue();
                code.dup2().pop().ldc(name).invokestatic(HOOKS, "field", FIELD);
                code.with(f);
            }
            case NewPrimitiveArrayInstruction n -> array(code, n, n.typeKind() == TypeKind.BYTE ? 1 : 2);
            case NewReferenceArrayInstruction n -> array(code, n, 4);
            default -> code.with(element);
        }
    }

    private static void revival(ClassBuilder builder, ClassModel model) {
        var parent = model.superclass().orElseThrow().asSymbol();
        boolean foreign = parent.equals(CD_Object) || parent.descriptorString().equals("Ljavacard/framework/Applet;");
        builder.withMethodBody(INIT_NAME, REVIVAL, ClassFile.ACC_PUBLIC, code -> {
            code.aload(0);
            if (foreign) {
                code.invokespecial(parent, INIT_NAME, MethodTypeDesc.of(CD_void));
            } else {
                code.aload(1).invokespecial(parent, INIT_NAME, REVIVAL);
            }
            code.return_();
        });
    }
}
