package org.posthouse.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wish to stop: SIGTERM or SIGINT. The first asks for an orderly end, the second for one at
 * once.
 *
 * <p>The class behind is the JDK's own and has no public twin, so it is reached by name: the
 * compiler would warn of it, and where it is missing the process simply ends at the first signal.
 */
final class Stop {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicInteger times = new AtomicInteger();
    private final Runnable atOnce;

    private Stop(Runnable atOnce) {
        this.atOnce = atOnce;
    }

    /**
     * Takes the signals over.
     *
     * @param atOnce run at the second
     */
    static Stop onSignals(Runnable atOnce) {
        var stop = new Stop(atOnce);
        for (String name : new String[] {"TERM", "INT"}) {
            stop.handle(name);
        }
        return stop;
    }

    /** Waits until somebody asks. */
    void await() throws InterruptedException {
        asked.await();
    }

    /** Asks. */
    void ask() {
        if (times.incrementAndGet() > 1) {
            atOnce.run();
        }
        asked.countDown();
    }

    private void handle(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler called =
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            ask();
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
                    .log(System.Logger.Level.WARNING, "SIG" + name + " ends the process at once");
        }
    }
}
