package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Applets take memory when they are installed and never after: a chip has no garbage collector, and what a
/// command took would be gone for good. Looked for in all code that a command can reach.
@Tag("N7")
@Tag("H5")
class NoAllocationTest {
    private static final List<Program> APPLETS =
            List.of(Programs.EKEY, Programs.TERMINAL, Programs.TIMER, Programs.NATIONAL_CARD_SIMULATOR);
    /// How a card calls an applet once it is installed, and one applet another.
    private static final Set<String> COMMANDS =
            Set.of("process", "select", "deselect", "getShareableInterfaceObject", "read");

    private static final Set<String> ALLOCATING = Set.of(
            "makeTransientByteArray",
            "makeTransientShortArray",
            "makeTransientBooleanArray",
            "makeTransientObjectArray",
            "buildKey",
            "getInstance");

    /// @param owner its class, as in the class file
    private record Method(String owner, String name, String type) {}

    private final Map<Method, MethodModel> code = new HashMap<>();

    private static Stream<Program> whole(Program program) {
        return Stream.concat(Stream.of(program), program.imports().stream().flatMap(NoAllocationTest::whole));
    }

    private void read() throws IOException {
        for (var program :
                APPLETS.stream().flatMap(NoAllocationTest::whole).distinct().toList()) {
            for (var name : program.classes()) {
                var path = (program.packageName() + "." + name).replace('.', '/');
                try (var in = NoAllocationTest.class.getResourceAsStream("/" + path + ".class")) {
                    var read = ClassFile.of().parse(Objects.requireNonNull(in).readAllBytes());
                    read.methods()
                            .forEach(m -> code.put(
                                    new Method(
                                            path,
                                            m.methodName().stringValue(),
                                            m.methodType().stringValue()),
                                    m));
                }
            }
        }
    }

    /// What is allocated in whatever these methods reach, and where.
    private List<String> allocations(Set<String> names) {
        var found = new ArrayList<String>();
        var seen = new HashSet<Method>();
        var next = new ArrayDeque<>(
                code.keySet().stream().filter(m -> names.contains(m.name())).toList());
        while (!next.isEmpty()) {
            var method = next.pop();
            if (seen.add(method)) {
                Objects.requireNonNull(code.get(method))
                        .code()
                        .ifPresent(c -> c.forEach(e -> {
                            if (allocates(e)) {
                                found.add(method.owner() + "." + method.name() + ": " + e);
                            }
                            if (e instanceof InvokeInstruction call) {
                                next.addAll(called(call));
                            }
                        }));
            }
        }
        return found;
    }

    private List<Method> called(InvokeInstruction call) {
        var exact = new Method(
                call.owner().asInternalName(),
                call.name().stringValue(),
                call.type().stringValue());
        var known = code.get(exact);
        if (known != null && known.code().isPresent()) {
            return List.of(exact);
        }
        // of an interface, or inherited: whoever has one of this name
        return code.keySet().stream()
                .filter(m -> m.name().equals(exact.name()) && m.type().equals(exact.type()))
                .filter(m -> !m.name().equals("<init>"))
                .toList();
    }

    private static boolean allocates(CodeElement element) {
        return switch (element) {
            case NewObjectInstruction _ -> true;
            case NewPrimitiveArrayInstruction _ -> true;
            case NewReferenceArrayInstruction _ -> true;
            case NewMultiArrayInstruction _ -> true;
            case InvokeDynamicInstruction _ -> true;
            case InvokeInstruction call ->
                call.owner().asInternalName().startsWith("javacard")
                        && ALLOCATING.contains(call.name().stringValue());
            default -> false;
        };
    }

    @Test
    void noCommandTakesMemory() throws IOException {
        read();
        assertEquals(List.of(), allocations(COMMANDS));
    }

    @Test
    void theSearchFindsWhatAnInstallationTakes() throws IOException {
        read();
        assertFalse(allocations(Set.of("install")).isEmpty());
    }
}
