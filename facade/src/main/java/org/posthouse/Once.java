package org.posthouse;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Makes a value when it is first asked for: reading the trust store takes time a start lacks. */
final class Once<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<T> value = Optional.empty(); // guarded by lock

    Once(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public T get() {
        lock.lock();
        try {
            T made = value.orElseGet(maker);
            value = Optional.of(made);
            return made;
        } finally {
            lock.unlock();
        }
    }
}
