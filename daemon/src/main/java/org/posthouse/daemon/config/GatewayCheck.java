package org.posthouse.daemon.config;

import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;

import java.util.List;

/**
 * The trap of containers: connections that come through a published port can all seem to come from
 * the container's gateway, so that a rule for a private network lets the whole internet relay.
 */
final class GatewayCheck {
    private static final List<String> FIXES =
            List.of(
                    "fix: require a login (auth = true), leave the gateway out of `clients`, or"
                            + " give the container the host's network.",
                    "If nobody else reaches that port, set  open_relay = \""
                            + Model.OPEN_RELAY_WORDS
                            + "\"  in this rule.");

    private GatewayCheck() {}

    /** Tells the file's context the rules that hold a gateway without more. */
    static void run(ConfigFile file, List<IpAddress> gateways) {
        for (Table rule : file.all(Model.RELAY)) {
            boolean isProven =
                    rule.get(Model.RELAY_AUTH).orElse(false)
                            || rule.get(Model.SEND_AS).orElse(false)
                            || rule.has(Model.CERTIFICATES)
                            || rule.get(Model.OPEN).orElse(false);
            List<String> clients = rule.get(Model.CLIENTS).orElse(List.of());
            for (IpAddress gateway : gateways) {
                boolean isHeld =
                        clients.stream().anyMatch(text -> IpNetwork.parse(text).contains(gateway));
                if (isHeld && !isProven) {
                    tell(file.context(), rule, gateway);
                }
            }
        }
    }

    private static void tell(Context context, Table rule, IpAddress gateway) {
        context.add(
                new Problem(
                        Codes.GATEWAY,
                        rule.spanOf(Model.CLIENTS),
                        "in this container the rule may let everybody relay",
                        "holds " + gateway + ", the gateway that published ports come through",
                        FIXES));
    }
}
