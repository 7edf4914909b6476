# Sums rounds up: lines "PRESET ROUND NAME<tab>WHAT<tab>SECONDS..." to the median and least of the rounds' medians, and how
# many times as long as md4 a peer takes.
{
  split($1, words, " ")
  key = words[1] " " $2
  name = words[3]
  if (!(key in seen)) { seen[key] = 1; keys[++keyCount] = key }
  if (!((key, name) in count)) { order[key] = order[key] " " name }
  values[key, name, ++count[key, name]] = $3
}
function median(key, name,   n, i, j, held, sorted) {
  n = count[key, name]
  for (i = 1; i <= n; i++) {
    held = values[key, name, i]
    for (j = i - 1; j >= 1 && sorted[j] > held; j--) sorted[j + 1] = sorted[j]
    sorted[j + 1] = held
  }
  least = sorted[1]
  return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}
END {
  print "| | rounds | median s | least s | times md4's |"
  print "|---|---|---|---|---|"
  for (k = 1; k <= keyCount; k++) {
    key = keys[k]
    ours = median(key, "md4")
    names = split(substr(order[key], 2), list, " ")
    for (i = 1; i <= names; i++) {
      middle = median(key, list[i])
      printf "| %s, %s | %d | %.4g | %.4g | %.2f |\n", key, list[i], count[key, list[i]], middle, least, middle / ours
    }
  }
}
