/**
 * What is kept beside the queue of what happened: bounded, never forced, written by a thread of its
 * own. Nothing is decided by it.
 */
package org.posthouse.journal;
