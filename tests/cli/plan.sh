#!/bin/sh
# How many documents to inspect: numbers from published tables, sentences, the curve, and what is refused.
. "$(dirname "$0")/case.sh"

# AICPA Audit Guide: Audit Sampling, table A-1, and exact values for known populations.
plan()
{
    wanted=$1
    shift
    expect 0 plan "$@" --format csv
    silent
    equal "$(sed -n '2{s/^[a-z-]*,\([0-9]*\),\([0-9]*\),.*/\1 \2/p;}' "$T/out")" "$wanted" "plan $*"
}
plan '93 1' attribute --confidence 95% --tolerable 5% --expected 1%
plan '149 0' attribute --confidence 95% --tolerable 2%
plan '113 4' attribute --confidence 90% --tolerable 7% --expected 3.25% # AICPA prints 112, whose risk is above 10 %
plan '32 0' attribute --confidence 90% --tolerable 6% --population 100  # jfa prints 28: it takes 7 of 100 for 6 %
plan '110 3' two-point --good 1% --good-risk 5% --bad 6% --bad-risk 10%
plan '80 7' two-point --good 5% --good-risk 5% --bad 15% --bad-risk 7.5%
plan '46 1' two-point --good 1% --bad 8% --bad-risk 5% --population 100
plan '4507 0' detect --kind 5 --population 10000
plan '950 0' detect --kind 1 --population 1000
plan '59 0' detect --tolerable 5%
plan '9604 ' precision --within 1%
plan '169 ' precision --within 5% --population 300
plan '60 ' money --book 1000000 --tolerable 50000

expect 0 plan attribute --tolerable 5% --expected 1% --format json
prints '"kind":"attribute","sample":93,"allowed":1,"risk":0.049975795,"population":null,'
prints '"promise":"If at most 1 of 93 documents'
prints '"limits":"It does not promise'
expect 0 plan attribute --tolerable 5% --lang zh
prints '没有差错时，可以 95% 的置信度认为总体差错率低于 5%'
expect 0 plan money --book 1234567.89 --tolerable 61728.40
prints 'one in every'

# The curve is XML with the two rates marked, written whole, and the same each time.
expect 0 plan two-point --good 1% --bad 6% --oc curve.svg
says 'wrote curve.svg'
grep -q '1%: 97.5%' curve.svg || fail 'the good rate is not marked'
grep -q '6%: 9.8%' curve.svg || fail 'the bad rate is not marked'
equal "$(sed -n '1s/ viewBox.*//p;$p' curve.svg | tr '\n' ' ')" '<svg xmlns="http://www.w3.org/2000/svg" </svg> ' 'the picture'
expect 0 plan two-point --good 1% --bad 6% --oc again.svg --quiet
silent
same curve.svg again.svg 'the picture again'
expect 73 plan attribute --tolerable 5% --oc no/such/curve.svg

# Refused, with what was wrong.
refuse()
{
    said=$1
    shift
    expect 64 "$@"
    says "$said"
    [ ! -s "$T/out" ] || fail "$called: it printed something"
}
refuse "needs --tolerable" plan attribute
refuse 'confidence 1;' plan attribute --tolerable 5% --confidence 100%
refuse 'confidence 0;' plan attribute --tolerable 5% --confidence 0
refuse "--confidence: 'NaN' is not a rate" plan attribute --tolerable 5% --confidence NaN
refuse "--confidence: '95' is not a rate" plan attribute --tolerable 5% --confidence 95
refuse "--tolerable: '-5%' is not a rate" plan attribute --tolerable=-5%
refuse 'an expected rate of 6% is not below the tolerable 5%' plan attribute --tolerable 5% --expected 6%
refuse 'too near' plan attribute --tolerable 5% --expected 4.9999%
refuse 'too near' plan attribute --tolerable 5% --expected 4.9% --population 10
refuse "--population '0' is not" plan attribute --tolerable 5% --population 0
refuse 'above 0, the bad one higher' plan two-point --good 5% --bad 5%
refuse '11 of a kind among 10 documents' plan detect --kind 11 --population 10
refuse 'either --kind N or --tolerable RATE' plan detect --population 10
refuse '--kind needs --population' plan detect --kind 3
refuse 'a half width of 0' plan precision --within 0
refuse 'in a book value of 100;' plan money --book 100 --tolerable 200
refuse 'takes no option --oc' plan money --book 100 --tolerable 20 --oc x.svg
refuse 'attribute, money, precision, two-point, detect' plan

# A thousand million documents are no reason to wait.
expect 0 plan attribute --tolerable 0.01% --expected 0.005% --population 1000000000 --format csv
expect 0 help plan attribute
prints 'usage: jihe plan attribute --tolerable RATE [options]'
