package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The recipients' domains of what is queued: each text is kept once, with the number of its
 * deliveries. Guarded by the lock of {@link Index}.
 */
final class Domains {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<@Nullable String> names = new ArrayList<>();
    private final List<long[]> counts = new ArrayList<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();

    /** Unused since {@link #hold} holds: not given again before {@link #letGo}. */
    private final ArrayDeque<Integer> heldBack = new ArrayDeque<>();

    private boolean holding;

    /** One more delivery to a domain; tells its number. */
    int add(String name) {
        Integer known = numbers.get(name);
        int number = known == null ? enter(name) : known;
        addAgain(number);
        return number;
    }

    private int enter(String name) {
        int number;
        if (free.isEmpty()) {
            number = names.size();
            if (number > DeliveryRow.DOMAIN_MAX) {
                throw new IllegalStateException("too many domains");
            }
            names.add(name);
            counts.add(new long[1]);
        } else {
            number = free.poll();
            names.set(number, name);
        }
        numbers.put(name, number);
        return number;
    }

    /** One delivery less. */
    void remove(int number) {
        if (--counts.get(number)[0] == 0) {
            if (holding) {
                heldBack.add(number);
            } else {
                forget(number);
            }
        }
    }

    private void forget(int number) {
        numbers.remove(name(number));
        names.set(number, null);
        free.add(number);
    }

    /** From now on no number is used again: each stands for one name. */
    void hold() {
        holding = true;
    }

    void letGo() {
        holding = false;
        for (int number : heldBack) {
            if (counts.get(number)[0] == 0 && names.get(number) != null) {
                forget(number);
            }
        }
        heldBack.clear();
    }

    /** All names by their numbers. */
    Map<Integer, String> all() {
        Map<Integer, String> all = new TreeMap<>();
        numbers.forEach((name, number) -> all.put(number, name));
        return all;
    }

    /** Gives a number its name again, without any delivery. */
    void restore(int number, String name) {
        while (names.size() <= number) {
            names.add(null);
            counts.add(new long[1]);
        }
        names.set(number, name);
        numbers.put(name, number);
    }

    /** One more delivery to a domain of a known number. */
    void addAgain(int number) {
        counts.get(number)[0]++;
    }

    /** Forgets numbers without deliveries; once all was restored. */
    void restored() {
        for (int number = 0; number < names.size(); number++) {
            if (names.get(number) == null) {
                free.add(number);
            } else if (counts.get(number)[0] == 0) {
                forget(number);
            }
        }
    }

    String name(int number) {
        return Objects.requireNonNull(names.get(number));
    }

    /** The number of a domain, -1 when nothing is queued for it. */
    int find(String name) {
        return numbers.getOrDefault(name, -1);
    }

    /** True when no more domains can be told apart; 0 for some. */
    boolean isFull() {
        return free.isEmpty() && names.size() > DeliveryRow.DOMAIN_MAX;
    }

    long count(String name) {
        int number = find(name);
        return number < 0 ? 0 : counts.get(number)[0];
    }

    /** Deliveries by domain, in the order of names. */
    Map<String, Long> counts() {
        Map<String, Long> all = new TreeMap<>();
        numbers.forEach((name, number) -> all.put(name, counts.get(number)[0]));
        return all;
    }
}
