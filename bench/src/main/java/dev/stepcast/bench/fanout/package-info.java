/**
 * How much a delivery costs and whether any is lost: a load generator for realtime-service that
 * speaks only its public protocol, checks every delivery, and knows what the server's process cost.
 */
@NullMarked
package dev.stepcast.bench.fanout;

import org.jspecify.annotations.NullMarked;
