package org.posthouse.spool;

/**
 * What opening the spool found.
 *
 * @param messages messages not done
 * @param deliveries deliveries not done
 * @param octetsRead octets of log read
 * @param tailOctetsCut octets behind the last whole commit, cut: nobody was told they were safe
 * @param damagedFrames frames that had been forced and can't be read any more
 * @param messagesSetAside messages that lack part of their content: held, for an operator
 * @since 0.1
 */
public record RecoveryReport(
        long messages,
        long deliveries,
        long octetsRead,
        long tailOctetsCut,
        long damagedFrames,
        long messagesSetAside) {}
