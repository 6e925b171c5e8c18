package org.posthouse.daemon;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.List;

/** {@code posthouse msg redirect}. */
@Command(
        name = "redirect",
        description = {
            "Send deliveries another way: by another route, to a fixed host, or to other"
                    + " recipients. It lasts until they are done or redirected again.",
            "New recipients get a message of their own, which names the original ones to whom it"
                    + " may concern (ORCPT); with --to only the recipients like that are replaced.",
            "Exit codes: 0 done, 64 this makes no sense, 66 not in the queue, 69 no daemon answers,"
                    + " 75 some could not be changed."
        },
        mixinStandardHelpOptions = true)
final class RedirectCommand extends MsgChange {
    /** Where; one of these. */
    static final class Destination {
        @Option(names = "--by-route", paramLabel = "NAME", description = "By this route.")
        private String route = "";

        @Option(
                names = "--via",
                paramLabel = "HOST[:PORT]",
                description = "To this host; with the settings of the route that has it, if any.")
        private String via = "";

        @Option(names = "--as-routed", description = "By the routes, whatever was chosen before.")
        private boolean asRouted;

        @Option(
                names = "--recipient",
                paramLabel = "ADDRESS",
                description = "To this recipient; may be repeated.")
        private List<String> recipients = List.of();

        @SuppressWarnings("NullAway.Init") // picocli makes it
        Destination() {}
    }

    @ArgGroup(multiplicity = "1")
    private Destination destination = new Destination();

    @SuppressWarnings("NullAway.Init") // picocli makes it
    RedirectCommand() {}

    @Override
    Verb verb() {
        return new Verb("redirect", "redirected", !destination.recipients.isEmpty());
    }

    @Override
    void write(JsonLine json) {
        if (!destination.recipients.isEmpty()) {
            json.texts("recipients", destination.recipients).text("replaced", which().to());
        } else if (destination.asRouted) {
            json.flag("as_routed", true);
        } else {
            json.text("route", destination.route).text("via", destination.via);
        }
    }
}
