package org.posthouse.daemon.config;

import org.posthouse.policy.IpAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a configuration is read in.
 *
 * @param environment variables
 * @param machine our name where the file gives none
 * @param gateways of the container that this is; none: this is no container
 */
public record Surroundings(
        Map<String, String> environment, String machine, List<IpAddress> gateways) {
    private static final List<Path> CONTAINER_MARKS =
            List.of(Path.of("/.dockerenv"), Path.of("/run/.containerenv"));
    private static final Path ROUTES = Path.of("/proc/net/route");
    private static final Path ROUTES_V6 = Path.of("/proc/net/ipv6_route");
    private static final String ANYWHERE_V6 = "0".repeat(32);

    /** Copies both. */
    public Surroundings {
        environment = Map.copyOf(environment);
        gateways = List.copyOf(gateways);
    }

    /** Those of this process. */
    public static Surroundings of(Map<String, String> environment, String machine) {
        boolean isContainer =
                CONTAINER_MARKS.stream().anyMatch(Files::exists)
                        || environment.containsKey("KUBERNETES_SERVICE_HOST")
                        || environment.containsKey("container");
        return new Surroundings(
                environment,
                machine,
                isContainer ? gateways(lines(ROUTES), lines(ROUTES_V6)) : List.of());
    }

    /** The default gateways of the kernel's tables, as Linux shows them. */
    static List<IpAddress> gateways(List<String> routes, List<String> routesV6) {
        var gateways = new ArrayList<IpAddress>();
        for (String line : routes) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length > 7 && isZero(fields[1]) && isZero(fields[7]) && !isZero(fields[2])) {
                gateways.add(IpAddress.of(reversed(HexFormat.of().parseHex(fields[2]))));
            }
        }
        for (String line : routesV6) {
            String[] fields = line.strip().split("\\s+", -1);
            boolean isDefault =
                    fields.length > 4
                            && fields[0].equals(ANYWHERE_V6)
                            && fields[1].equals("00")
                            && !fields[4].equals(ANYWHERE_V6);
            if (isDefault) {
                gateways.add(IpAddress.of(HexFormat.of().parseHex(fields[4])));
            }
        }
        return List.copyOf(gateways);
    }

    private static boolean isZero(String hex) {
        return hex.equals("00000000");
    }

    private static byte[] reversed(byte[] octets) {
        var reversed = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            reversed[i] = octets[octets.length - 1 - i];
        }
        return reversed;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
