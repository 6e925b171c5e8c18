package org.posthouse.core;

import java.util.Objects;

/**
 * One delivery: the recipients of a message that share a domain and a disposition, the unit of
 * scheduling.
 *
 * @param message the message
 * @param number its position among the message's deliveries, from 0
 * @since 0.1
 */
public record DeliveryId(SpoolId message, int number) {
    /** Checks the number. */
    public DeliveryId {
        Objects.requireNonNull(message);
        if (number < 0) {
            throw new IllegalArgumentException("not a delivery number: " + number);
        }
    }

    @Override
    public String toString() {
        return message + "/" + number;
    }
}
