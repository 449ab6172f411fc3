#!/bin/sh
# assemble.sh SERVICE TO: lays a built service out as TO/app.jar, TO/lib/*.jar and TO/jvm.args, the
# command line that the image's ENTRYPOINT reads. Run from the root of a built source tree.
set -eu
service=$1 to=$2

case "$service" in
  api-service) main=dev.stepcast.api.ApiMain ;;
  chat-service) main=dev.stepcast.chat.ChatMain ;;
  realtime-service) main=dev.stepcast.realtime.RealtimeMain ;;
  workflow-service) main=dev.stepcast.workflow.WorkflowMain ;;
  *) echo "no such service: '$service'" >&2; exit 1 ;;
esac

mkdir -p "$to/lib" "$to/aot"
: > "$to/aot/args"
for jar in "$service"/target/stepcast-"$service"-*.jar; do
  case "$jar" in
    *-tests.jar | *-sources.jar | *-javadoc.jar) ;;
    *) cp -p "$jar" "$to/app.jar" ;;
  esac
done
cp -p "$service"/target/dependency/*.jar "$to/lib/"

# Every jar by name and in order: with a wildcard the order is the file system's, and the AOT cache
# is for one order only. Half of the memory is heap, the rest is for Netty's buffers and the JVM. The
# JSON Schema validator is one method of 9 kB, which would be interpreted for ever if not told otherwise. Nearly all that
# the services make is garbage at once: the young half of the heap is a true half, not a third.
cat > "$to/jvm.args" <<ARGS
-XX:+UseSerialGC
-XX:-DontCompileHugeMethods
-XX:NewRatio=1
-XX:MaxRAMPercentage=50
-XX:+ExitOnOutOfMemoryError
--enable-native-access=ALL-UNNAMED
-classpath
$to/app.jar$(cd "$to/lib" && for jar in *.jar; do printf ":$to/lib/%s" "$jar"; done)
$main
ARGS
