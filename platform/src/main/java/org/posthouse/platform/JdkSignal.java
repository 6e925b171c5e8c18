package org.posthouse.platform;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A flag and the thread that waits for it. The waiter announces itself before it looks at the flag,
 * the raiser sets the flag before it looks for a waiter: one of them sees the other.
 */
final class JdkSignal implements Signal {
    private final AtomicBoolean raised = new AtomicBoolean();
    private volatile @Nullable Thread waiter;

    @Override
    public void raise() {
        if (!raised.getAndSet(true)) {
            LockSupport.unpark(waiter);
        }
    }

    @Override
    public boolean await(Deadline deadline) throws InterruptedException {
        waiter = Thread.currentThread();
        try {
            while (true) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (raised.getAndSet(false)) {
                    return true;
                }
                if (deadline.isNever()) {
                    LockSupport.park(this);
                } else {
                    long left = deadline.nanos() - System.nanoTime();
                    if (left <= 0) {
                        return false;
                    }
                    LockSupport.parkNanos(this, left);
                }
            }
        } finally {
            waiter = null;
        }
    }
}
