package org.posthouse.testkit;

import org.posthouse.core.Reply;

import java.time.Duration;
import java.util.function.Function;

/**
 * What happens at a {@link FaultPoint}. Each method makes one fault, which strikes always until it
 * is told how often.
 *
 * @since 0.1
 */
public final class When {
    private final Function<FaultAction, Fault> maker;

    When(Function<FaultAction, Fault> maker) {
        this.maker = maker;
    }

    /**
     * Refuses with this reply, such as {@code 452, "4.2.2", "mailbox full"}.
     *
     * @throws IllegalArgumentException unless the code is 4yz or 5yz and the status agrees with it
     */
    public Fault refuse(int code, String status, String text) {
        return maker.apply(new FaultAction.Refuse(refusal(code, status, text), false));
    }

    /** Says {@code 421 4.3.2} and closes the connection. */
    public Fault close() {
        Reply reply = Reply.of(421, "4.3.2", "closing as the test wants it");
        return maker.apply(new FaultAction.Refuse(reply, true));
    }

    /** Waits so long in real time, then goes on. */
    public Fault delay(Duration pause) {
        return maker.apply(new FaultAction.Delay(pause));
    }

    /** Ends the connection without a word. */
    public Fault drop() {
        return maker.apply(new FaultAction.Drop(0));
    }

    /**
     * Ends the connection without a word once the client has said so many octets more: with {@link
     * FaultPoint#data} in the middle of the content.
     */
    public Fault dropAfter(long octets) {
        return maker.apply(new FaultAction.Drop(octets));
    }

    /** Says nothing more, until the test is over. */
    public Fault hang() {
        return maker.apply(new FaultAction.Hang());
    }

    /** Refuses by {@code 451 4.7.1} the first time for each pair of reverse-path and argument. */
    public Fault greylist() {
        return maker.apply(
                new FaultAction.Greylist(Reply.of(451, "4.7.1", "greylisted, try later")));
    }

    /** The handshake of TLS fails, of connections that come to one. */
    public Fault tlsFail() {
        return maker.apply(new FaultAction.TlsFail());
    }

    /** Says what is no reply of SMTP; the command has no effect. */
    public Fault corrupt() {
        return maker.apply(new FaultAction.Corrupt());
    }

    private static Reply refusal(int code, String status, String text) {
        Reply reply = Reply.of(code, status, text);
        if (!reply.isTransient() && !reply.isPermanent()) {
            throw new IllegalArgumentException("not a refusal (4yz or 5yz): " + code);
        }
        return reply;
    }
}
