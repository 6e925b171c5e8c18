package org.posthouse.client;

/** The host talks out of turn: it replies to nothing that was asked. */
final class UnaskedReply extends GarbledReply {
    private static final long serialVersionUID = 1L;

    UnaskedReply(String why) {
        super(why);
    }
}
