package org.posthouse.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Signals of the operating system.
 *
 * <p>The class behind is the JDK's own and has no public twin, so it is reached by name: the
 * compiler would warn of it, and where it is missing the process simply ends at the first signal.
 */
final class Signals {
    private Signals() {}

    /**
     * Takes a signal over.
     *
     * @param name without SIG
     * @param action run at each, on a thread of its own
     */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler called =
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    };
            Object proxy =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(), new Class<?>[] {handler}, called);
            Object named = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, named, proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            System.getLogger("org.posthouse.daemon")
                    .log(System.Logger.Level.WARNING, "SIG" + name + " is not handled here");
        }
    }
}
