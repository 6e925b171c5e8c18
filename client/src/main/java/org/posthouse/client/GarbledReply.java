package org.posthouse.client;

import java.io.IOException;

/** What came is not a reply: the stream is of no use any more. Never leaves this package. */
sealed class GarbledReply extends IOException permits UnaskedReply {
    private static final long serialVersionUID = 1L;

    GarbledReply(String why) {
        super(why);
    }
}
