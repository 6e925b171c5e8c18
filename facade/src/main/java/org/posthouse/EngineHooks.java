package org.posthouse;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The hooks that the program gave to the builder. */
final class EngineHooks {
    Optional<Hooks.OnConnect> connect = Optional.empty();
    Optional<Hooks.OnSecured> secured = Optional.empty();
    Optional<Hooks.OnHello> hello = Optional.empty();
    Optional<Hooks.OnLogin> login = Optional.empty();
    Optional<Hooks.OnMail> mail = Optional.empty();
    Optional<Hooks.OnRecipient> recipient = Optional.empty();
    Optional<Hooks.OnHeaders> headers = Optional.empty();
    Optional<Hooks.OnReceived> received = Optional.empty();
    Optional<Hooks.OnReset> reset = Optional.empty();
    Optional<Hooks.OnQuery> verify = Optional.empty();
    Optional<Hooks.OnQuery> expand = Optional.empty();
    Optional<Hooks.OnUnknown> unknown = Optional.empty();
    Optional<Consumer<RelayError>> relayError = Optional.empty();
    Optional<Hooks.OnRelayCertificate> relayCertificate = Optional.empty();
    Duration timeout = Duration.ofSeconds(30);

    /** The same hooks: what the builder changes later does not reach a running engine. */
    EngineHooks copy() {
        var copy = new EngineHooks();
        copy.connect = connect;
        copy.secured = secured;
        copy.hello = hello;
        copy.login = login;
        copy.mail = mail;
        copy.recipient = recipient;
        copy.headers = headers;
        copy.received = received;
        copy.reset = reset;
        copy.verify = verify;
        copy.expand = expand;
        copy.unknown = unknown;
        copy.relayError = relayError;
        copy.relayCertificate = relayCertificate;
        copy.timeout = timeout;
        return copy;
    }
}
