package org.posthouse;

import org.posthouse.core.Reply;

import java.util.Optional;
import java.util.function.Consumer;

/** The hooks as given to the builder; each default lets things pass. */
final class EngineHooks {
    Hooks.OnConnect connect = session -> Answer.proceed();
    Hooks.OnHello hello = (session, name) -> Answer.proceed();
    Hooks.OnMail mail = (session, path) -> Answer.proceed();
    Hooks.OnRecipient recipient = (session, mailbox) -> Answer.accept();
    Hooks.OnReceived received = message -> {};
    Hooks.OnQuery verify =
            (session, name) -> Reply.of(252, "2.5.0", "cannot VRFY user, but will accept message");
    Hooks.OnQuery expand = (session, list) -> Reply.of(502, "5.5.1", "EXPN is not available");
    Hooks.OnUnknown unknown =
            (session, verb, argument) -> Reply.of(500, "5.5.1", "command not recognised");
    Optional<Consumer<RelayError>> relayError = Optional.empty();

    /** The same hooks: what the builder changes later does not reach a running engine. */
    EngineHooks copy() {
        var copy = new EngineHooks();
        copy.connect = connect;
        copy.hello = hello;
        copy.mail = mail;
        copy.recipient = recipient;
        copy.received = received;
        copy.verify = verify;
        copy.expand = expand;
        copy.unknown = unknown;
        copy.relayError = relayError;
        return copy;
    }
}
