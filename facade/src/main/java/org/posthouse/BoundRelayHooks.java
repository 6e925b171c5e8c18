package org.posthouse;

import org.posthouse.relay.RelayHooks;

import java.util.function.Consumer;

/** Binds the relay's questions to the program's hooks. */
final class BoundRelayHooks implements RelayHooks {
    private final Consumer<RelayError> hook;

    private BoundRelayHooks(Consumer<RelayError> hook) {
        this.hook = hook;
    }

    /** Has nothing to say where the program gave no hook. */
    static RelayHooks of(EngineHooks hooks) {
        return hooks.relayError.<RelayHooks>map(BoundRelayHooks::new).orElse(NONE);
    }

    @Override
    public FailedAttempt.Advice failed(FailedAttempt attempt) {
        var error = new RelayError(attempt);
        hook.accept(error);
        return error.advice();
    }
}
