/**
 * Real peers on loopback.
 *
 * <h2>The hostile internet</h2>
 *
 * {@link org.posthouse.interop.HostileInternetTest} starts one daemon, one name server and a few
 * hundred scripted hosts, hands over all mail at once, and looks at each story when everything has
 * come to an end: at the hosts, in the log, and in the mailbox that reports go to. A story is one
 * expression in a list of a {@code …Cases} class, and needs no more than that:
 *
 * <pre>
 * a("rcpt-full-then-next")                                      // its domain: rcpt-full-then-next.in.test
 *         .host(on("RCPT", "452 4.2.2 mailbox full", OK))       // mx1: first this reply, then a good one
 *         .host()                                               // mx2: polite
 *         .delivers()                                           // everybody gets it, once
 *         .tries(1);                                            // mx2 is never asked
 * </pre>
 *
 * {@link org.posthouse.interop.Case} says what else a story can have, {@link
 * org.posthouse.interop.HostScript} what hosts can say and do, {@link
 * org.posthouse.interop.DnsZone} and {@link org.posthouse.interop.DnsPeer} what is in the DNS and
 * how it answers. For every story it is checked that nobody is forgotten, that nothing comes twice,
 * and that what hosts took is what was sent; that a message was delivered counts only where a host
 * took it. {@code -Dhostile.only=PATTERN} runs the stories whose whole name fits, and prints all
 * that was seen.
 */
@NullMarked
package org.posthouse.interop;

import org.jspecify.annotations.NullMarked;
