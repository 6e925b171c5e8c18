package org.posthouse.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What this machine is called, without asking DNS. */
final class MachineName {
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private MachineName() {}

    /** In lower case; {@code localhost} when it can't be told or is no host name. */
    static String find(Map<String, String> environment) {
        String name = kernel();
        if (name.isEmpty()) {
            name =
                    environment.getOrDefault(
                            "HOSTNAME", environment.getOrDefault("COMPUTERNAME", ""));
        }
        return checked(name);
    }

    static String checked(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        boolean fits = !lower.isEmpty() && lower.length() <= 253;
        for (String label : lower.split("\\.", -1)) {
            fits &= !label.isEmpty() && label.length() <= 63 && isLabel(label);
        }
        return fits ? lower : "localhost";
    }

    private static boolean isLabel(String label) {
        return label.chars()
                        .allMatch(c -> c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
                && !label.startsWith("-")
                && !label.endsWith("-");
    }

    private static String kernel() {
        try {
            return Files.readString(KERNEL);
        } catch (IOException e) {
            return "";
        }
    }
}
