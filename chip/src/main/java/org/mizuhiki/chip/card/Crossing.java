package org.mizuhiki.chip.card;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javacard.framework.AID;
import javacard.framework.CardRuntimeException;
import javacard.framework.Shareable;
import org.jspecify.annotations.Nullable;

/// The firewall's door: what one package holds of another's object is this and never the object. A call goes
/// over with numbers and the command buffer, the one array that belongs to everybody; other references are
/// stopped (Java Card runtime environment 3.0.5, 6.2.8: an array of the caller is not the server's to read).
final class Crossing implements InvocationHandler {
    private final Card card;
    private final AID owner;
    private final Shareable target;

    private Crossing(Card card, AID owner, Shareable target) {
        this.card = card;
        this.owner = owner;
        this.target = target;
    }

    static Shareable to(Card card, AID owner, Shareable target) {
        var loader = ((LoadFile.Loader) target.getClass().getClassLoader()).bridge();
        return (Shareable) Proxy.newProxyInstance(
                loader, interfaces(target.getClass()).toArray(Class<?>[]::new), new Crossing(card, owner, target));
    }

    private static Set<Class<?>> interfaces(Class<?> type) {
        var found = new LinkedHashSet<Class<?>>();
        for (@Nullable Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (var i : c.getInterfaces()) {
                if (Shareable.class.isAssignableFrom(i)) {
                    found.add(i);
                }
            }
        }
        return found;
    }

    static @Nullable Crossing behind(Object object) {
        return Proxy.isProxyClass(object.getClass()) && Proxy.getInvocationHandler(object) instanceof Crossing c
                ? c
                : null;
    }

    /// This very installation; another one that has its name by now is somebody else.
    @SuppressWarnings("ReferenceEquality")
    private Optional<Installed> server() {
        return card.find(owner).filter(i -> i.aid() == owner);
    }

    static boolean isGone(Object object) {
        var crossing = behind(object);
        return crossing != null && crossing.server().isEmpty();
    }

    AID owner() {
        return owner;
    }

    Shareable target() {
        return target;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a proxy is the same as itself only
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && arguments[0] == proxy;
                case "hashCode" -> System.identityHashCode(proxy);
                default -> throw new SecurityException("not shareable: " + method.getName());
            };
        }
        if (arguments != null) {
            for (var argument : arguments) {
                pass(argument);
            }
        }
        // deleted meanwhile: its objects are gone with it
        card.enter(server().orElseThrow(() -> new SecurityException("the server is gone")));
        try {
            var result = method.invoke(target, arguments);
            pass(result);
            return result;
        } catch (InvocationTargetException e) {
            // a foreign class of exception would be a foreign object
            throw e.getCause() instanceof CardRuntimeException || e.getCause() instanceof Error
                    ? e.getCause()
                    : new SecurityException("the server failed");
        } finally {
            card.leave();
        }
    }

    private void pass(@Nullable Object value) {
        boolean fine = value == null
                || value instanceof Number
                || value instanceof Boolean
                || card.isShared(value)
                || behind(value) != null;
        if (!fine) {
            throw new SecurityException("an object of one package is not another's to touch");
        }
    }
}
