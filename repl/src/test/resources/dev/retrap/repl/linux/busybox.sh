# Of a busybox with its own sh: what it prints does not depend on where it runs.
mkdir work && cd work || exit 1
seq 1 400 > numbers
wc numbers
awk '{ sum += $1 } END { print sum, NR }' numbers
sort -rn numbers | head -n 3
sort numbers | sort -c && echo sorted
grep -c 7 numbers
sed -n -e 's/^1\(.\)\1$/\1/p' numbers | tr '\n' ' '; echo
gzip < numbers > numbers.gz
gunzip -c numbers.gz | cmp - numbers && echo same
sha256sum numbers
mkdir -p a/b/c; ln -s ../numbers a/link; cp numbers a/b/copy; touch a/b/c/empty
tar cf tree.tar a; rm -r a; tar xf tree.tar; find a | sort
readlink a/link; cat a/link | tail -n 1; test -L a/link && echo link
chmod 640 a/b/copy; ls -l a/b/copy | awk '{ print $1, $5 }'
mv a/b/copy a/moved; ls a | cat; rmdir a/b/c 2> error || sed 's/.*: //' error
yes | head -n 2 | tr y n
printf '%s\n' b a c a | sort | uniq -c | awk '{ print $1 $2 }' | xargs echo
dd if=/dev/zero bs=1k count=40 2> error | sha1sum; head -n 1 error
head -c 2000 /dev/zero | od | head -n 2
(exit 7); echo status $?
sh -c 'kill -TERM $$'; echo killed $?
trap 'echo caught' USR1; kill -USR1 $$
sleep 0.05 & wait $!; echo waited $?
(sleep 0.02; echo late) & echo early; wait
echo one two | while read x y; do echo $y $x; done
x=$(echo nested $(echo deeper)); echo "$x"
cat <<END | nl
here: $((6 * 7))
END
i=0; while [ $i -lt 5 ]; do i=$((i + 1)); (echo child $i); done
diff -u numbers.gz numbers.gz && echo no difference
seq 3 > x; seq 2 4 > y; diff x y
date -u -d @1441238400 '+%F %T'
expr 17 % 5; test -d a -a ! -e missing && echo tests
cat missing 2> error || sed 's/.*: //' error
timeout 0.05 sleep 5; echo timed out $?
ls missing > /dev/null 2>&1; echo $?
echo 'BEGIN { for (i = 0; i < 3; i++) printf "%d %s\n", i * i, sprintf("%05.2f", i / 3) }' > p.awk; awk -f p.awk
seq 1 50 | xargs -n 7 echo | awk '{ s = 0; for (i = 1; i <= NF; i++) s += $i; print NR ": " s }' | sort -t: -k2 -n -r | head -n 4
(mkdir -p w/x/y && for i in 1 2 3; do echo "line $i" > w/x/$i.txt; done)
find w -name '*.txt' | sort | xargs cat | sed 's/line/LINE/;2d'
cat w/x/*.txt | tee all | md5sum; tac all; rev all; fold -w 3 all | head -n 3
printf 'a,b\nc,d\n' | cut -d, -f2 | paste -s -d+ -
f() { [ "$1" -le 1 ] && echo 1 || echo $(($1 * $(f $(($1 - 1))))); }; f 6
while read l; do case $l in *2*) echo two;; *) echo other;; esac; done < all
for i in 1 2 3 4; do (exit $i) & done; wait; echo all done
env -i A=1 sh -c 'echo $A'; stat -c '%s %F' all
cd ..; rm -r work; ls work 2> /dev/null; echo end
