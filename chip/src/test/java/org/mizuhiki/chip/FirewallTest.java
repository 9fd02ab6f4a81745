package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Cards.PURSE_AID;
import static org.mizuhiki.chip.Cards.THIEF_AID;
import static org.mizuhiki.chip.Cards.select;
import static org.mizuhiki.chip.Cards.send;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.chip.card.LoadFile;
import org.mizuhiki.house.Refusal;

/// What an applet of one provider tries at another's objects, and at the card itself.
@Tag("N7")
class FirewallTest {
    private static final String PURSE_NAME = "05f04d5a5001";

    private static Card both() {
        var card = Cards.withPurse(Card.FORGETFUL);
        card.install(Cards.THIEF, "Thief", THIEF_AID, new byte[0]);
        select(card, PURSE_AID);
        send(card, "80010500");
        assertEquals("9000", select(card, THIEF_AID));
        return card;
    }

    @Test
    void whatIsSharedCanBeCalledWithNumbersAndTheCommandBuffer() {
        assertEquals("00fffb9000", send(both(), "80000100" + PURSE_NAME));
        assertEquals("00fb029000", send(both(), "80000200" + PURSE_NAME));
    }

    @Test
    void noArrayCrossesEitherWay() {
        var card = both();
        assertEquals("01", send(card, "80000300" + PURSE_NAME).substring(0, 2), "an array of the caller's");
        assertEquals("01", send(card, "80000400" + PURSE_NAME).substring(0, 2), "an array of the server's");
        select(card, PURSE_AID);
        assertEquals("0005fffb05009000", send(card, "80020000"));
    }

    @Test
    void whatIsHeldIsNotTheObject() {
        assertEquals("02", send(both(), "80000500" + PURSE_NAME).substring(0, 2));
    }

    @Test
    void theServerDecidesWhoGetsWhat() {
        assertEquals("6985", send(both(), "80000900" + PURSE_NAME));
        assertEquals("6a83", send(both(), "8000010005f04d5a5009"));
    }

    @Test
    void aCallToADeletedAppletReachesNothing() {
        var card = both();
        send(card, "80000100" + PURSE_NAME);
        assertEquals("00fffb9000", send(card, "80000600" + PURSE_NAME), "a reference that was kept");
        card.delete(PURSE_AID);
        assertEquals("01", send(card, "80000600" + PURSE_NAME).substring(0, 2));
        assertEquals("6a83", send(card, "80000100" + PURSE_NAME));
    }

    @Test
    void anotherAppletOfTheSameNameIsNotTheOneThatWasKept() {
        var card = both();
        send(card, "80000100" + PURSE_NAME);
        card.delete(PURSE_AID);
        card.install(Cards.PURSE, "Purse", PURSE_AID, Cards.hex("31323334"));
        select(card, THIEF_AID);
        assertEquals("01", send(card, "80000600" + PURSE_NAME).substring(0, 2));
    }

    @Test
    void aCardForgetsWhatWasDeletedWhoeverKeptAReference() {
        var card = both();
        send(card, "80000100" + PURSE_NAME);
        var withPurse = card.image().length;
        card.delete(PURSE_AID);
        var image = card.image();
        assertTrue(image.length < withPurse / 2, image.length + " of " + withPurse);
        var revived = Card.revive(image, List.of(Cards.THIEF), Cards.DIE, Card.FORGETFUL);
        assertEquals("9000", select(revived, THIEF_AID));
    }

    private static String refused(Consumer<java.lang.classfile.ClassBuilder> content) {
        var bytes = ClassFile.of().build(ClassDesc.of("evil.Evil"), content);
        return assertThrows(Refusal.class, () -> LoadFile.load("evil", Map.of("Evil", bytes), List.of()))
                .code();
    }

    private static String refusedCode(Consumer<java.lang.classfile.CodeBuilder> code) {
        return refused(b -> b.withMethodBody(
                "run", MethodTypeDesc.of(ConstantDescs.CD_void), ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, c -> {
                    code.accept(c);
                    c.return_();
                }));
    }

    /// A handler of exceptions that lies before what it guards.
    private static void handleBefore(java.lang.classfile.CodeBuilder code) {
        var handler = code.newLabel();
        var start = code.newLabel();
        var end = code.newLabel();
        code.goto_(start).labelBinding(handler).pop().return_();
        code.labelBinding(start).nop().labelBinding(end).exceptionCatchAll(start, end, handler);
    }

    @Test
    void codeThatIsNoJavaCardIsNotLoaded() {
        var system = ClassDesc.of("java.lang.System");
        var memory = ClassDesc.of("org.mizuhiki.javacard.Memory");
        var object = ConstantDescs.CD_Object;
        var none = MethodTypeDesc.of(ConstantDescs.CD_void);
        var attempts = List.<Consumer<java.lang.classfile.CodeBuilder>>of(
                c -> c.aconst_null()
                        .invokevirtual(object, "getClass", MethodTypeDesc.of(ConstantDescs.CD_Class))
                        .pop(),
                c -> c.invokestatic(memory, "store", none),
                c -> c.loadConstant(1L).pop2(),
                c -> c.loadConstant("text").pop(),
                c -> c.loadConstant(object).pop(),
                c -> c.aconst_null().monitorenter(),
                c -> c.iconst_3().newarray(java.lang.classfile.TypeKind.INT).pop(),
                c -> c.iconst_3().newarray(java.lang.classfile.TypeKind.BOOLEAN).pop(),
                c -> c.iconst_3().anewarray(ConstantDescs.CD_byte.arrayType()).pop(),
                FirewallTest::handleBefore,
                c -> c.invokestatic(system, "gc", none));
        for (int i = 0; i < attempts.size(); i++) {
            assertEquals("applet-not-permitted", refusedCode(attempts.get(i)), "attempt " + i);
        }
    }

    @Test
    void classesThatWouldOutliveACardAreNotLoaded() {
        assertEquals(
                "applet-not-permitted",
                refused(b -> b.withField("shared", ConstantDescs.CD_byte.arrayType(), ClassFile.ACC_STATIC)));
        assertEquals("applet-not-permitted", refused(b -> b.withField("wide", ConstantDescs.CD_long, 0)));
        assertEquals("applet-not-permitted", refused(b -> b.withSuperclass(ClassDesc.of("java.lang.Thread"))));
        assertEquals(
                "applet-not-permitted",
                assertThrows(Refusal.class, () -> LoadFile.load("evil", Map.of("Evil", new byte[9]), List.of()))
                        .code());
    }
}
