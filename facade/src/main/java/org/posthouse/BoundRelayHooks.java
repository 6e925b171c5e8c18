package org.posthouse;

import org.posthouse.platform.TlsFacts;
import org.posthouse.relay.RelayHooks;

import java.util.Optional;
import java.util.function.Consumer;

/** Binds the relay's questions to the program's hooks; one that hangs has nothing to say. */
final class BoundRelayHooks implements RelayHooks {
    private final Optional<Consumer<RelayError>> error;
    private final Optional<Hooks.OnRelayCertificate> certificate;
    private final HookRunner runner;

    private BoundRelayHooks(EngineHooks hooks, HookRunner runner) {
        this.runner = runner;
        error = hooks.relayError;
        certificate = hooks.relayCertificate;
    }

    /** Has nothing to say where the program gave no hook. */
    static RelayHooks of(EngineHooks hooks, HookRunner runner) {
        boolean isAny = hooks.relayError.isPresent() || hooks.relayCertificate.isPresent();
        return isAny ? new BoundRelayHooks(hooks, runner) : NONE;
    }

    @Override
    public boolean accepts(String nexthop, TlsFacts facts) {
        return certificate
                .map(hook -> runner.run("relay-certificate", () -> hook.accepts(nexthop, facts)))
                .orElse(true);
    }

    @Override
    public FailedAttempt.Advice failed(FailedAttempt attempt) {
        if (error.isEmpty()) {
            return FailedAttempt.Advice.NONE;
        }
        var told = new RelayError(attempt);
        return runner.run(
                "relay-error",
                () -> {
                    error.get().accept(told);
                    return told.advice();
                });
    }
}
