package org.posthouse.daemon;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

/** Reads names of deliveries, as lists show them: a message, a slash, a number. */
final class DeliveryIds {
    private DeliveryIds() {}

    /**
     * One delivery.
     *
     * @throws IllegalArgumentException when it is none
     */
    static DeliveryId parse(String text) {
        int slash = text.indexOf('/');
        String number = text.substring(slash + 1);
        if (slash < 0 || !number.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no delivery; one looks like 1KDVDNAZ80000/0");
        }
        return new DeliveryId(SpoolId.parse(text.substring(0, slash)), Integer.parseInt(number));
    }
}
