package org.posthouse.simulation;

import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a scenario that shows a defect shorter, as long as it still shows it: lives go, acts go,
 * messages and recipients become fewer.
 */
final class Shrinker {
    private final Predicate<Scenario> shows;
    private int triesLeft;

    /**
     * @param shows the scenario is of interest
     * @param triesMax how many scenarios are played
     */
    Shrinker(Predicate<Scenario> shows, int triesMax) {
        this.shows = shows;
        this.triesLeft = triesMax;
    }

    Scenario shrink(Scenario scenario) {
        Scenario shortest = scenario;
        Scenario before;
        do {
            before = shortest;
            shortest = withFewerMessages(withFewerActs(withFewerLives(shortest)));
        } while (!shortest.equals(before) && triesLeft > 0);
        return shortest;
    }

    private Scenario withFewerLives(Scenario scenario) {
        Scenario shortest = scenario;
        for (int i = scenario.lives().size() - 1; i >= 0 && shortest.lives().size() > 1; i--) {
            shortest = shorter(shortest, shortest.without(i));
        }
        return shortest;
    }

    private Scenario withFewerActs(Scenario scenario) {
        Scenario shortest = scenario;
        for (int i = 0; i < scenario.lives().size(); i++) {
            for (int j = scenario.lives().get(i).acts().size() - 1; j >= 0; j--) {
                Life life = shortest.lives().get(i);
                shortest = shorter(shortest, shortest.with(i, life.without(j)));
            }
        }
        return shortest;
    }

    private Scenario withFewerMessages(Scenario scenario) {
        Scenario shortest = scenario;
        for (int i = 0; i < scenario.lives().size(); i++) {
            for (int j = 0; j < shortest.lives().get(i).acts().size(); j++) {
                if (shortest.lives().get(i).acts().get(j) instanceof Act.Send send) {
                    for (Act.Send less : less(send)) {
                        Life life = shortest.lives().get(i);
                        shortest = shorter(shortest, shortest.with(i, life.with(j, less)));
                    }
                }
            }
        }
        return shortest;
    }

    private static List<Act.Send> less(Act.Send send) {
        int half = (send.to().size() + 1) / 2;
        return List.of(
                send.less(1, send.to()),
                send.less(send.count(), send.to().subList(0, 1)),
                send.less(send.count(), send.to().subList(0, half)));
    }

    private Scenario shorter(Scenario longer, Scenario shorter) {
        if (triesLeft <= 0 || shorter.equals(longer)) {
            return longer;
        }
        triesLeft--;
        return shows.test(shorter) ? shorter : longer;
    }
}
