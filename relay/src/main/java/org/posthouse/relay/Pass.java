package org.posthouse.relay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a worker was promised by the rates that its site has in common with others. Of several it
 * waits for one after the other, so that what is scarce for all is not kept for who waits for
 * something else. Guarded by the dispatcher's lock; instants in milliseconds of the steady clock.
 */
final class Pass {
    private final Map<CommonRate, Long> promised = new HashMap<>(2);
    private boolean mayConnect;

    /** From when on it may go, as far as is known: now, or an instant to come. */
    long nextMillis(List<CommonRate> rates, long nowMillis) {
        long next = nowMillis;
        for (CommonRate rate : rates) {
            Long at = promised.get(rate);
            next = Math.max(next, at == null ? rate.nextMillis(nowMillis) : at);
        }
        return next;
    }

    /** It waits: from when on it may go, or is to ask again. */
    long waitMillis(List<CommonRate> rates, long nowMillis) {
        for (CommonRate rate : rates) {
            Long at = promised.get(rate);
            if (at == null && rate.nextMillis(nowMillis) > nowMillis) {
                at = rate.promise(nowMillis);
                promised.put(rate, at);
            }
            if (at != null && at > nowMillis) {
                return at;
            }
        }
        return nowMillis;
    }

    /** It goes. */
    void use(List<CommonRate> rates, long nowMillis) {
        for (CommonRate rate : rates) {
            if (promised.remove(rate) == null) {
                rate.take(nowMillis);
            }
        }
    }

    /** It goes without a connection, so that it will have to connect once. */
    void useToConnect(List<CommonRate> rates, long nowMillis) {
        if (!mayConnect) {
            use(rates, nowMillis);
            mayConnect = true;
        }
    }

    /** It has connected; what was not waited for, those make up for that come behind. */
    void connected(List<CommonRate> rates, long nowMillis) {
        if (!mayConnect) {
            rates.forEach(rate -> rate.take(nowMillis));
        }
        mayConnect = false;
    }

    /** It need not wait for a connection. */
    boolean mayConnect() {
        return mayConnect;
    }

    /** It goes no more. */
    void drop() {
        promised.keySet().forEach(CommonRate::giveBack);
        promised.clear();
    }
}
