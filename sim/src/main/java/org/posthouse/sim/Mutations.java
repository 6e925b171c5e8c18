package org.posthouse.sim;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Feeds a fuzz target with its seeds and with mutations of them, the same for the same seed: what a
 * build can afford of a campaign.
 *
 * @since 0.1
 */
public final class Mutations {
    private static final int[] INTERESTING = {
        0, '\r', '\n', '.', ' ', ':', '<', '>', '"', '\\', 255
    };

    private Mutations() {}

    /**
     * Runs the target.
     *
     * @param seeds texts; each char is an octet
     * @param rounds mutations in all
     */
    public static void run(Consumer<byte[]> target, List<String> seeds, int rounds) {
        byte[][] octets = new byte[seeds.size()][];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = seeds.get(i).getBytes(StandardCharsets.ISO_8859_1);
            target.accept(octets[i]);
        }
        var random = new Random(1);
        for (int i = 0; i < rounds; i++) {
            byte[] mutant = octets[random.nextInt(octets.length)];
            for (int j = random.nextInt(6); j >= 0; j--) {
                mutant = mutated(mutant, octets, random);
            }
            try {
                target.accept(mutant);
            } catch (RuntimeException | AssertionError e) {
                String text = new String(mutant, StandardCharsets.ISO_8859_1);
                throw new AssertionError("round " + i + ": " + text, e);
            }
        }
    }

    private static byte[] mutated(byte[] octets, byte[][] all, Random random) {
        int at = random.nextInt(octets.length + 1);
        byte[] other = all[random.nextInt(all.length)];
        int count = random.nextInt(Math.max(1, Math.min(16, octets.length - at)));
        return switch (random.nextInt(5)) {
            case 0 -> spliced(octets, at, at, new byte[] {interesting(random)});
            case 1 -> spliced(octets, at, Math.min(octets.length, at + count), new byte[0]);
            case 2 -> spliced(octets, at, Math.min(octets.length, at + 1), randomOctet(random));
            case 3 -> spliced(octets, at, at, Arrays.copyOfRange(octets, at, at + count));
            default -> spliced(octets, at, octets.length, tail(other, random));
        };
    }

    private static byte interesting(Random random) {
        return (byte) INTERESTING[random.nextInt(INTERESTING.length)];
    }

    private static byte[] randomOctet(Random random) {
        return new byte[] {(byte) random.nextInt(256)};
    }

    private static byte[] tail(byte[] octets, Random random) {
        return Arrays.copyOfRange(octets, random.nextInt(octets.length + 1), octets.length);
    }

    private static byte[] spliced(byte[] octets, int from, int to, byte[] in) {
        byte[] result = new byte[octets.length - (to - from) + in.length];
        System.arraycopy(octets, 0, result, 0, from);
        System.arraycopy(in, 0, result, from, in.length);
        System.arraycopy(octets, to, result, from + in.length, octets.length - to);
        return result;
    }
}
