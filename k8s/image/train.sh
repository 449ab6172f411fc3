#!/bin/bash
# train.sh APP: runs the service assembled in APP for a moment against a throw-away Redis; writes
# the JVM's AOT cache to APP/aot/app.aot and the option that names it to APP/aot/args. An image
# without a cache is a good image: whatever fails, this ends with 0 and an empty APP/aot/args.
app=$1 port=${2:-8080} redis_port=${3:-6379}
cache=$app/aot/app.aot

redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no > /dev/null 2>&1 &
redis=$!
HOST=127.0.0.1 PORT=$port REDIS_URL=redis://127.0.0.1:$redis_port \
  java -XX:AOTCacheOutput="$cache" "@$app/jvm.args" &
service=$!

# Without OPS_PORT the ops paths are on the same port: one question does for all four services.
answers() {
  exec 3<> "/dev/tcp/127.0.0.1/$port" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&3
  read -r -t 5 _ status _ <&3
  exec 3>&-
  [ "$status" = 200 ]
}
for _ in $(seq 60); do
  if answers /readyz 2> /dev/null; then
    answers / 2> /dev/null
    break
  fi
  kill -0 "$service" 2> /dev/null || break
  sleep 1
done

# On its way out the JVM writes the cache.
kill -TERM "$service" 2> /dev/null
wait "$service"
kill "$redis" 2> /dev/null
if [ -s "$cache" ]; then
  echo "-XX:AOTCache=$cache" > "$app/aot/args"
else
  rm -f "$cache"
  : > "$app/aot/args"
  echo "no AOT cache: the service will start slower" >&2
fi
