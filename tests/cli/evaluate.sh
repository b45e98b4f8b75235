#!/bin/sh
# What errors found say: limits from the project's oracle files and from exact arithmetic, by flags and from files.
. "$(dirname "$0")/case.sh"

# figures ARGUMENT...: errors, sample, estimate, lower, upper, low, high and method of the last row.
figures()
{
    expect 0 evaluate "$@" --format csv
    tail -n 1 "$T/out" | cut -d, -f2,3,5-9,11
}
equal "$(figures --errors 0 --sample 59 --side upper)" '0,59,0,0,0.04950761,,,clopper-pearson' 'discovery'
equal "$(figures --errors 1 --sample 1 --side lower)" '1,1,1,0.05,1,,,clopper-pearson' 'one document, wrong'
equal "$(figures --errors 3 --sample 102 --population 1200 --confidence 90% --side upper)" \
    '3,102,0.029411765,0.0025,0.0625,3,75,hypergeometric' 'Touw and Hoogduin, page 125'
equal "$(figures --errors 45 --sample 100 --population 300)" '45,100,0.45,0.37,0.533333333,111,160,hypergeometric' \
    'exact limits (samplingbook gives 110 and 161)'
equal "$(figures --errors 7 --sample 300 --population 300)" '7,300,0.023333333,0.023333333,0.023333333,7,7,hypergeometric' \
    'everything inspected'
equal "$(figures --errors 5 --sample 1000000 --population 1000000000)" \
    '5,1000000,0.000005,0.000001625,0.000011664,1625,11664,hypergeometric' 'a thousand million documents'
# Garwood: qchisq(0.025, 6) / 2 / 100 and qchisq(0.975, 8) / 2 / 100; jfa gives 0.0061255 for the first.
equal "$(figures --findings 3 --sample 100)" '3,100,0.03,0.006186721,0.087672731,,,garwood' 'findings'
equal "$(figures --findings 0 --sample 10 --side upper)" '0,10,0,0,0.299573227,,,garwood' 'no findings'

cat >strata.csv <<'CSV'
stratum,population,inspected,errors
甲,8,6,2
乙,11,7,1
丙,11,7,0
CSV
# Derks et al. 2022, table 1; limits of R's survey package.
equal "$(figures --strata strata.csv)" '3,20,0.141269841,0.068125033,0.248205157,2,8,korn-graubard' 'strata'
expect 0 evaluate --strata strata.csv --format csv
equal "$(lines out)" 5 'a row for each stratum and the whole'
prints '甲,2,6,8,'
printf 'population,inspected,errors\n20,20,3\n30,30,0\n' >census.csv
equal "$(figures --strata census.csv)" '3,50,0.06,0.06,0.06,3,3,korn-graubard' 'all strata inspected whole'

# Touw and Hoogduin, page 138: taints 1, 0.20000072 and 0.03999931 of 145.
cat >units.csv <<'CSV'
item,book,audited
a,100,0
b,10000,7999.9928
c,10000,9600.0069
d,10,12
CSV
equal "$(figures --money-units units.csv --sample 145 --book 1000000)" \
    '3,145,0.008551724,0,0.034786563,0,34786.563,stringer' 'Stringer'
expect 0 evaluate --money-units units.csv --sample 145 --format json
prints '1 understated units count as correct'
printf 'book,audited,hits\n100,50,2\n100,100,58\n' >hits.csv
equal "$(figures --money-units hits.csv)" "$(figures --money-units hits.csv --sample 60)" 'the sample is the sum of the hits'

expect 0 evaluate --errors 1 --sample 93 --format json
prints '"method":"clopper-pearson","reason":"No population was given'
expect 0 evaluate --errors 1 --sample 93 --lang zh
prints '未给出总体大小'

# Exit 1 when the answer is no.
expect 0 evaluate --errors 0 --sample 59 --side upper --tolerable 5%
expect 1 evaluate --errors 0 --sample 58 --side upper --tolerable 5%
says 'is not below the tolerable 0.05'

refuse()
{
    code=$1 said=$2
    shift 2
    expect "$code" "$@"
    says "$said"
    [ ! -s "$T/out" ] || fail "$called: it printed something"
}
refuse 64 'usage: jihe evaluate' evaluate
refuse 64 'need --sample' evaluate --errors 1
refuse 64 '5 errors in a sample of 4' evaluate --errors 5 --sample 4
refuse 64 'a sample of 10 out of a population of 5' evaluate --errors 1 --sample 10 --population 5
refuse 64 'confidence 1;' evaluate --errors 1 --sample 10 --confidence 1
refuse 64 'confidence 0;' evaluate --errors 1 --sample 10 --confidence 0%
refuse 64 "--errors '-1'" evaluate --errors -1 --sample 10
refuse 64 "--errors 'NaN'" evaluate --errors NaN --sample 10
refuse 64 '--population does not go with it' evaluate --findings 1 --sample 10 --population 50
refuse 64 "--side 'left'" evaluate --errors 1 --sample 10 --side left
refuse 64 '--book goes with' evaluate --errors 1 --sample 10 --book 5
refuse 64 'do not go with it' evaluate --strata strata.csv --sample 5
refuse 64 'do not go with it' evaluate --money-units units.csv --population 5
refuse 64 'but the sample is 3' evaluate --money-units units.csv --sample 3
refuse 65 "strata.csv:1:1: the header has no column 'book'" evaluate --money-units strata.csv
refuse 66 'none.csv' evaluate --strata none.csv
printf 'population,inspected,errors\n8,6,2\n20,1,0\n' >thin.csv
refuse 65 "thin.csv:3:4: '1': expected at least two inspected" evaluate --strata thin.csv
printf 'population,inspected,errors\n8,x,2\n' >letters.csv
refuse 65 "letters.csv:2:3: 'x': expected how many documents were inspected" evaluate --strata letters.csv
printf 'population,inspected,errors\n8,9,2\n' >many.csv
refuse 65 'no more inspected than documents' evaluate --strata many.csv
printf 'population,inspected,errors\n' >empty.csv
refuse 65 'no strata' evaluate --strata empty.csv
printf 'book,audited\n0,0\n' >zero.csv
refuse 65 "zero.csv:2:1: '0': expected a book value above 0" evaluate --money-units zero.csv
