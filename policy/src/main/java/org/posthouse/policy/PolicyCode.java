package org.posthouse.policy;

/**
 * The stable codes of what the decision refuses. They stand in replies, events and the manual; a
 * code never changes its meaning.
 *
 * <table>
 * <caption>Codes, replies and what mends them</caption>
 * <tr><th>Code</th><th>Reply</th><th>Meaning</th><th>What mends it</th></tr>
 * <tr><td>PH-R101</td><td>553 5.7.1</td><td>the domain is not ours and no rule lets this client
 * send to the outside</td><td>a relay rule, or a login</td></tr>
 * <tr><td>PH-R102</td><td>553 5.7.1</td><td>the local part holds {@code %}, {@code !} or {@code @}
 * and asks a relayed domain to send the message further</td><td>a relay rule for the
 * client</td></tr>
 * <tr><td>PH-R103</td><td>550 5.7.1</td><td>no route is for this recipient</td><td>a
 * route</td></tr>
 * <tr><td>PH-R104</td><td>550 5.7.1</td><td>the route for this recipient refuses</td><td>that
 * route</td></tr>
 * <tr><td>PH-R105</td><td>553 5.7.1</td><td>the login may relay, but only with addresses of its
 * own as reverse-path</td><td>{@code send_as=} of the login, or {@code send_as} of the
 * rule</td></tr>
 * <tr><td>PH-R106</td><td>451 4.7.1</td><td>the relay rule has granted as many recipients as its
 * limit allows for now</td><td>time, or the {@code limit} of the rule</td></tr>
 * <tr><td>PH-R110</td><td>550 5.1.1</td><td>the domain is ours, the address does not
 * exist</td><td>the list of recipients</td></tr>
 * <tr><td>PH-R111</td><td>550 5.1.1</td><td>the address is an alias, and nothing behind it takes
 * mail, or too much is behind it</td><td>the aliases</td></tr>
 * </table>
 *
 * @since 0.1
 */
public enum PolicyCode {
    /** Relaying denied. */
    RELAY_DENIED("PH-R101"),
    /** A local part that routes, from a stranger. */
    ROUTING_LOCAL_PART("PH-R102"),
    /** No route. */
    NO_ROUTE("PH-R103"),
    /** A route that refuses. */
    ROUTE_REFUSES("PH-R104"),
    /** The reverse-path belongs to somebody else. */
    NOT_YOUR_ADDRESS("PH-R105"),
    /** A relay rule that has granted all it may for now. */
    LIMIT_REACHED("PH-R106"),
    /** Unknown recipient. */
    UNKNOWN_RECIPIENT("PH-R110"),
    /** An alias that leads nowhere, or to too many addresses. */
    ALIAS_LEADS_NOWHERE("PH-R111");

    private final String code;

    PolicyCode(String code) {
        this.code = code;
    }

    /** The code as replies and events show it. */
    public String code() {
        return code;
    }
}
