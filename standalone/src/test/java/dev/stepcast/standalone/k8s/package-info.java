/**
 * What can be known about the manifests and the Dockerfile without a cluster: every field exists
 * and has the right type, and what the services rely on (drain, routing, isolation) is asked for.
 */
@NullMarked
package dev.stepcast.standalone.k8s;

import org.jspecify.annotations.NullMarked;
