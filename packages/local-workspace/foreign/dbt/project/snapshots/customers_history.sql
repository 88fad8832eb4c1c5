{% snapshot customers_history %}
{{ config(unique_key='customer_id', strategy='check', check_cols=['city'], target_schema=target.schema) }}
select customer_id, case customer_id when 2 then '{{ var('city', 'New York') }}' else city end as city
from {{ ref('raw_customers') }}
{% endsnapshot %}
