package org.posthouse.policy;

import org.posthouse.core.IpSyntax;
import org.posthouse.policy.Route.HostPort;

/** The text forms of {@link HostPort}. */
final class HostPortSyntax {
    static final int PORT_MAX = 65_535;

    private static final int HOST_MAX = 255;
    private static final int LABEL_MAX = 63;

    private HostPortSyntax() {}

    static HostPort parse(String text, int defaultPort) {
        boolean bracketed = text.startsWith("[");
        int hostEnd = bracketed ? text.indexOf(']') : text.indexOf(':');
        String host = text.substring(bracketed ? 1 : 0, hostEnd < 0 ? text.length() : hostEnd);
        int portFrom = bracketed ? hostEnd + 1 : hostEnd;
        boolean plain = hostEnd < 0 || portFrom == text.length();
        boolean form = bracketed ? hostEnd > 0 && IpSyntax.v6(host).isPresent() : isHost(host);
        if (!form || (!plain && text.charAt(portFrom) != ':')) {
            throw new IllegalArgumentException("not a host and port: " + text);
        }
        return new HostPort(host, plain ? defaultPort : port(text, portFrom + 1));
    }

    /** A name, an IPv4 address or an IPv6 address. Names may have underscores, as hosts do. */
    static boolean isHost(String host) {
        if (host.isEmpty() || host.length() > HOST_MAX) {
            return false;
        }
        return host.indexOf(':') >= 0 ? IpSyntax.v6(host).isPresent() : isName(host);
    }

    private static boolean isName(String host) {
        int labelFrom = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean letterOrDigit =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean inside = letterOrDigit || c == '_' || (c == '-' && i > labelFrom);
            if (!inside && (c != '.' || i == labelFrom)) {
                return false;
            }
            labelFrom = c == '.' ? i + 1 : labelFrom;
            if (i - labelFrom >= LABEL_MAX) {
                return false;
            }
        }
        return true;
    }

    private static int port(String text, int from) {
        int digits = text.length() - from;
        int port = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || digits > 5) {
                throw new IllegalArgumentException("not a port: " + text);
            }
            port = port * 10 + c - '0';
        }
        return port;
    }
}
